using System.Text.Json;
using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>Anything that Stripe answers with.</summary>
public interface IStripeEntity
{
    /// <summary>The answer that this object was the whole of; null for objects inside others and for those of webhooks.</summary>
    StripeResponse StripeResponse { get; set; }
}

public interface IHasId
{
    string Id { get; set; }
}

public interface IHasObject
{
    /// <summary>What it is, in Stripe's words: <c>customer</c>, <c>checkout.session</c>.</summary>
    string Object { get; set; }
}

public interface IHasMetadata
{
    /// <summary>The caller's own data: up to 50 keys of 40 characters, values of up to 500.</summary>
    Dictionary<string, string> Metadata { get; set; }
}

/// <summary>A means of payment of the older kind: a card, a bank account.</summary>
public interface IPaymentSource : IStripeEntity, IHasId, IHasObject;

/// <summary>Where payouts of a connected account go.</summary>
public interface IExternalAccount : IStripeEntity, IHasId, IHasObject;

/// <summary>What moved a balance: a charge, a refund, a transfer.</summary>
public interface IBalanceTransactionSource : IStripeEntity, IHasId, IHasObject;

/// <inheritdoc cref="IStripeEntity"/>
public abstract class StripeEntity : IStripeEntity
{
    [JsonIgnore] public StripeResponse StripeResponse { get; set; }

    /// <summary>Reads an object by its <c>object</c>; null where that type is not known.</summary>
    public static IHasObject FromJson(string value) => FromJson<IHasObject>(value);

    /// <exception cref="JsonException">It is no JSON, or a field has another type than the API gives it.</exception>
    public static T FromJson<T>(string value) => JsonSerializer.Deserialize<T>(value, StripeJson.Options);

    public string ToJson() => JsonSerializer.Serialize(this, GetType(), StripeJson.Options);

    /// <summary>Type and id only: texts like this end in logs, where names and addresses must not.</summary>
    public override string ToString() => $"<{GetType().FullName}{((this as IHasId)?.Id is { } id ? $" id={id}" : "")}>";
}

/// <inheritdoc/>
public abstract class StripeEntity<T> : StripeEntity where T : StripeEntity<T>
{
    /// <inheritdoc cref="StripeEntity.FromJson{T}"/>
    public static new T FromJson(string value) => FromJson<T>(value);
}
