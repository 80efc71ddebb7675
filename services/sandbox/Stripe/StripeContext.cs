using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <param name="Address">Where the sandbox is reached, for the pages it links to.</param>
/// <param name="HasTarget">Whether webhooks have a configured endpoint beside those created over the API.</param>
/// <param name="Settlement">In what the account's balance is kept.</param>
/// <param name="AfterRetries">What becomes of a subscription whose invoice was never paid: "cancel", "unpaid" or "past_due".</param>
public sealed record StripeSurroundings(string Address, bool HasTarget, string AfterRetries, StripeSettlement Settlement);

/// <summary>A change of Stripe's world under way, by a request, a page, a control endpoint or the passing of time.</summary>
/// <param name="now">The time that counts for what is done: a test clock's, where the customer has one.</param>
/// <param name="wallTime">The time of the wall, which events carry.</param>
/// <param name="surroundings">What is the same for every change.</param>
public class StripeContext(DocumentWork work, DateTimeOffset now, DateTimeOffset wallTime, StripeSurroundings surroundings, string? requestId = null, string? idempotencyKey = null)
{
    public const string ApiVersion = "2023-08-16";
    const string IdLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    protected StripeContext(StripeContext of) : this(of.Work, of.Time, of.WallTime, of.Surroundings, of.RequestId, of.IdempotencyKey) => Live = of.Live;

    public DocumentWork Work { get; } = work;
    public DateTimeOffset Time { get; } = now;
    public DateTimeOffset WallTime { get; } = wallTime;
    public StripeSurroundings Surroundings { get; } = surroundings;
    public string Address => Surroundings.Address;
    public string? RequestId { get; } = requestId;
    public string? IdempotencyKey { get; } = idempotencyKey;

    /// <summary>The mode of the key that asks; null: nobody's key.</summary>
    public bool? Live { get; init; }

    /// <summary>The same change, seen at another time.</summary>
    public StripeContext At(DateTimeOffset time) => new(Work, time, WallTime, Surroundings, RequestId, IdempotencyKey) { Live = Live };

    /// <summary>Unix seconds, as every time of Stripe's.</summary>
    public long Now => Time.ToUnixTimeSeconds();

    public static string NewId(string prefix, int length = 24) => $"{prefix}_{RandomNumberGenerator.GetString(IdLetters, length)}";

    /// <exception cref="StripeException">404 resource_missing, naming the parameter; 400 where the id came in a parameter.</exception>
    public JsonObject Get(string type, string id, string parameter = "id")
    {
        if (Work.Find(type, id) is { } found && (parameter == "id" || found["deleted"] is null))
            return type != Customers.Type || Customers.IsSeen(this, found) ? found : throw StripeException.OfOtherMode(type, id, parameter, parameter == "id" ? 404 : 400, Live == true);
        throw StripeException.Missing(type == "payment_method" ? "PaymentMethod" : type, id, parameter, parameter == "id" ? 404 : 400);
    }

    /// <summary>Adds an object as Stripe stores it: <c>id</c> and <c>object</c> first.</summary>
    /// <param name="id">Null: a new one.</param>
    public JsonObject Add(string type, string prefix, JsonObject fields, string? id = null)
    {
        var item = new JsonObject { ["id"] = id ?? NewId(prefix), ["object"] = type };
        foreach (var (name, value) in fields) item[name] = value?.DeepClone();
        return Work.Add(type, item);
    }

    /// <summary>Records the event and hands it to every endpoint that listens to it.</summary>
    /// <param name="account">Whose it is, where it is not the platform's.</param>
    public void Emit(string type, JsonObject about, string? account = null) => Events.Emit(this, type, about, account);
}

/// <summary>One checked request.</summary>
public sealed class StripeCall(StripeContext context, string path, string id, JsonObject parameters, string? account) : StripeContext(context)
{
    /// <summary>From the header Stripe-Account: asked as this account; null for the platform itself.</summary>
    public string? Account { get; } = account;

    /// <summary>Without the query, as "/v1/customers".</summary>
    public string Path { get; } = path;

    /// <summary>From the path; empty where it has none.</summary>
    public string Id { get; } = id;

    public JsonObject Parameters { get; } = parameters;

    public bool Has(string name) => Parameters.ContainsKey(name);

    /// <returns>Null when it was not sent, or sent empty.</returns>
    public string? Text(string name) => Parameters[name]?.ToString() is { Length: > 0 } text ? text : null;

    public long? Number(string name) => Parameters[name]?.Whole();

    public bool? Flag(string name) => Parameters[name]?.GetValue<bool>();

    /// <returns>Null when it was not sent, or sent empty.</returns>
    public JsonObject? Group(string name) => Parameters[name] as JsonObject;

    public JsonArray? List(string name) => Parameters[name] as JsonArray;

    /// <summary>Copies those parameters that were sent; an empty text unsets.</summary>
    public void CopyTo(JsonObject target, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (Has(name)) target[name] = Parameters[name] is JsonValue value && value.ToString().Length == 0 ? null : Parameters[name]!.DeepClone();
        if (Has("metadata")) target["metadata"] = Merge(target["metadata"] as JsonObject, Parameters["metadata"]!);
    }

    /// <summary>Metadata is merged by key: an empty text takes a key away, an empty parameter all of them.</summary>
    static JsonObject Merge(JsonObject? old, JsonNode sent)
    {
        var merged = sent is JsonObject ? old?.DeepClone().AsObject() ?? [] : [];
        foreach (var (key, value) in sent as JsonObject ?? [])
        {
            if (value!.ToString().Length == 0) merged.Remove(key);
            else merged[key] = value.ToString();
        }
        return merged;
    }
}
