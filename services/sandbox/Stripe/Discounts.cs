using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>A coupon in use by a subscription or a checkout.</summary>
static class Discounts
{
    public const string Type = "discount";

    /// <summary>The coupon to use, and the code by which it came, where one did.</summary>
    public readonly record struct Wanted(JsonObject Coupon, JsonObject? Code);

    /// <exception cref="StripeException">Names the coupon or promotion code that is unknown, over, or not for this.</exception>
    public static Wanted Find(StripeContext context, string? coupon, string? code, string? customer, long? amount, string currency, string group = "")
    {
        string Name(string field) => group.Length == 0 ? field : $"{group}[{field}]";
        if (coupon is not null && code is not null) throw StripeException.Invalid("You may only specify one of these parameters: coupon, promotion_code.", Name("coupon"));
        var named = code is null ? null : context.Get(PromotionCodes.Type, code, Name("promotion_code"));
        if (named is not null) PromotionCodes.RequireFor(context, named, customer, amount, currency, Name("promotion_code"));
        var found = context.Get(Coupons.Type, coupon ?? named!["coupon"]!["id"]!.ToString(), Name("coupon"));
        if (!Coupons.IsValid(found, context.Now)) throw StripeException.Invalid($"Coupon expired: {found["id"]}", Name("coupon"), "coupon_expired");
        if (found["currency"]?.ToString() is { } only && only != currency) throw StripeException.Invalid($"The coupon reduces amounts in {only}, not in {currency}.", Name("coupon"));
        return new(found, named);
    }

    /// <summary>Puts a coupon on a subscription from now on.</summary>
    public static void Begin(StripeContext at, JsonObject subscription, string? coupon, string? code) =>
        Begin(at, subscription, Find(at, coupon, code, subscription["customer"]!.ToString(), null, subscription["currency"]!.ToString()), null);

    public static void Begin(StripeContext at, JsonObject subscription, Wanted wanted, string? session)
    {
        var discount = Redeem(at, wanted, subscription["customer"]!.ToString(), subscription["id"]!.ToString(), session);
        subscription["discount"] = DocumentWork.Shown(discount);
        at.Emit("customer.discount.created", discount);
    }

    /// <summary>Another coupon in place of the one there is; none where neither is named.</summary>
    public static void Replace(StripeContext at, JsonObject subscription, string? coupon, string? code)
    {
        End(at, subscription);
        if (coupon is not null || code is not null) Begin(at, subscription, coupon, code);
    }

    /// <summary>DELETE /v1/subscriptions/{id}/discount</summary>
    public static JsonNode EndOf(StripeCall call)
    {
        var subscription = call.Get(Subscriptions.Type, call.Id);
        if (subscription["discount"] is not JsonObject discount) throw StripeException.Missing("discount", call.Id);
        var gone = discount.DeepClone().AsObject();
        End(TestClocks.At(call, call.Get(Customers.Type, subscription["customer"]!.ToString())), subscription);
        gone["deleted"] = true;
        gone.Remove("end");
        return gone;
    }

    /// <summary>One use more of the coupon and its code.</summary>
    public static JsonObject Redeem(StripeContext at, Wanted wanted, string? customer, string? subscription, string? session)
    {
        var (coupon, code) = wanted;
        coupon["times_redeemed"] = coupon["times_redeemed"]!.Whole() + 1;
        if (code is not null) code["times_redeemed"] = code["times_redeemed"]!.Whole() + 1;
        return at.Add(Type, "di", new()
        {
            ["checkout_session"] = session,
            ["coupon"] = Show.Of(at, coupon),
            ["customer"] = customer,
            ["end"] = coupon["duration"]!.ToString() == "repeating" ? at.Time.AddMonths((int)coupon["duration_in_months"]!.Whole()).ToUnixTimeSeconds() : null,
            ["invoice"] = null,
            ["invoice_item"] = null,
            ["promotion_code"] = code?["id"]!.ToString(),
            ["start"] = at.Now,
            ["subscription"] = subscription,
        });
    }

    /// <summary>What a coupon takes off, rounded half up; never more than there is.</summary>
    public static long Off(JsonObject coupon, long amount) => amount <= 0 ? 0
        : Math.Min(amount, coupon["amount_off"]?.Whole() ?? (long)decimal.Round(amount * coupon["percent_off"]!.Exact() / 100, MidpointRounding.AwayFromZero));

    /// <summary>What a discount takes off at that time; nothing where there is none, or it is over.</summary>
    public static long Of(JsonObject? discount, long amount, long now) => discount is null || discount["end"]?.Whole() <= now ? 0 : Off(discount["coupon"]!.AsObject(), amount);

    /// <summary>Takes the subscription's discount off what may be reduced of these lines, each its part.</summary>
    /// <returns>What it takes off in all, and the discount; nothing and null without one.</returns>
    public static (long Off, JsonObject? Discount) Apply(StripeContext at, JsonObject subscription, IEnumerable<JsonObject> lines)
    {
        var reduced = lines.Where(l => l["discountable"]!.GetValue<bool>() && l["amount"]!.Whole() > 0).ToList();
        var (discount, whole) = (subscription["discount"] as JsonObject, reduced.Sum(l => l["amount"]!.Whole()));
        var off = Of(discount, whole, at.Now);
        if (discount is null || off == 0) return (0, null);
        var (given, seen) = (0L, 0L);
        foreach (var line in reduced)
        {
            seen += line["amount"]!.Whole();
            var part = (long)((decimal)off * seen / whole) - given; // of the running sum, so that the parts are the whole
            given += part;
            line["discounts"] = new JsonArray(discount["id"]!.ToString());
            line["discount_amounts"] = new JsonArray(new JsonObject { ["amount"] = part, ["discount"] = discount["id"]!.ToString() });
        }
        return (off, discount);
    }

    /// <summary>After an invoice was reduced: what was for once is used up, what was for some months ends with them.</summary>
    public static void Used(StripeContext at, JsonObject subscription)
    {
        if (subscription["discount"]?["coupon"]!["duration"]!.ToString() == "once") End(at, subscription);
    }

    static void End(StripeContext at, JsonObject subscription)
    {
        if (subscription["discount"] is not JsonObject discount) return;
        at.Emit("customer.discount.deleted", discount);
        subscription["discount"] = null;
    }
}
