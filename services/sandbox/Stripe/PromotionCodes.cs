using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>A word by which payers get a coupon.</summary>
static class PromotionCodes
{
    public const string Type = "promotion_code";

    public static void Map(StripeRoutes routes)
    {
        routes.Post("/promotion_codes", Parameters.Of("coupon!:str code:str active:bool customer:str expires_at:int max_redemptions:int metadata:map "
            + "restrictions:{first_time_transaction:bool minimum_amount:int minimum_amount_currency:str}"), Create);
        routes.Get("/promotion_codes", Parameters.OfList("created:range active:bool code:str coupon:str customer:str"), List);
        routes.Get("/promotion_codes/{id}", call => Show.Of(call, call.Get(Type, call.Id)));
        routes.Post("/promotion_codes/{id}", Parameters.Of("active:bool metadata:map"), Update);
    }

    /// <summary>The active code of this word, in any case; null where there is none.</summary>
    public static JsonObject? Find(StripeContext context, string word) =>
        context.Work.All(Type).FirstOrDefault(c => Matches(c, word) && IsActive(c, context.Now));

    public static bool IsActive(JsonObject code, long now) =>
        code["active"]!.GetValue<bool>() && (code["expires_at"]?.Whole() is not { } ends || ends > now) && (code["max_redemptions"]?.Whole() is not { } most || code["times_redeemed"]!.Whole() < most);

    /// <param name="customer">Who wants to use it; null while they are not known.</param>
    /// <param name="amount">What it would reduce; null where that is not known yet.</param>
    /// <exception cref="StripeException">It is not for them, not for so little, or over.</exception>
    public static void RequireFor(StripeContext context, JsonObject code, string? customer, long? amount, string currency, string parameter)
    {
        if (!IsActive(code, context.Now)) throw StripeException.Invalid("This promotion code is not active, or has expired.", parameter, "promotion_code_inactive");
        if (code["customer"]?.ToString() is { } only && only != customer) throw StripeException.Invalid("This promotion code cannot be redeemed by this customer.", parameter, "coupon_customer_mismatch");
        var limits = code["restrictions"]!;
        if (limits["first_time_transaction"]!.GetValue<bool>() && customer is not null && context.Work.All(Charges.Type).Any(c => c["customer"]?.ToString() == customer && c["paid"]!.GetValue<bool>()))
            throw StripeException.Invalid("This promotion code is for customers without prior transactions.", parameter, "promotion_code_customer_not_first_time");
        if (limits["minimum_amount"]?.Whole() is { } least && (limits["minimum_amount_currency"]!.ToString() != currency || amount < least))
            throw StripeException.Invalid($"This promotion code needs at least {StripeCurrency.Text(least, limits["minimum_amount_currency"]!.ToString())}.", parameter, "promotion_code_minimum_amount");
    }

    static bool Matches(JsonObject code, string word) => code["code"]!.ToString().Equals(word, StringComparison.OrdinalIgnoreCase);

    static JsonNode Create(StripeCall call)
    {
        var coupon = call.Get(Coupons.Type, call.Text("coupon") ?? "", "coupon");
        if (!Coupons.IsValid(coupon, call.Now)) throw StripeException.Invalid("This coupon is not valid any more.", "coupon", "coupon_expired");
        var word = call.Text("code") ?? StripeContext.NewId("x", 8)[2..].ToUpperInvariant();
        if (Find(call, word) is not null) throw StripeException.Invalid($"An active promotion code with code: '{word}' already exists.", "code", "resource_already_exists");
        if (call.Text("customer") is { } customer) call.Get(Customers.Type, customer, "customer");
        if (call.Number("expires_at") is { } ends && ends <= call.Now) throw StripeException.Invalid("The time must be in the future.", "expires_at");
        var limits = call.Group("restrictions");
        if (limits?["minimum_amount"] is null != limits?["minimum_amount_currency"] is null) throw StripeException.Invalid("minimum_amount and minimum_amount_currency are given together.", "restrictions[minimum_amount]");
        var code = call.Add(Type, "promo", new()
        {
            ["active"] = call.Flag("active") ?? true,
            ["code"] = word,
            ["coupon"] = DocumentWork.Shown(coupon),
            ["created"] = call.Now,
            ["customer"] = call.Text("customer"),
            ["expires_at"] = call.Number("expires_at"),
            ["livemode"] = false,
            ["max_redemptions"] = call.Number("max_redemptions"),
            ["metadata"] = new JsonObject(),
            ["restrictions"] = new JsonObject
            {
                ["first_time_transaction"] = limits?["first_time_transaction"]?.GetValue<bool>() == true,
                ["minimum_amount"] = limits?["minimum_amount"]?.DeepClone(),
                ["minimum_amount_currency"] = limits?["minimum_amount_currency"]?.ToString() is { } currency ? StripeCurrency.Require(currency, "restrictions[minimum_amount_currency]") : null,
            },
            ["times_redeemed"] = 0,
        });
        call.CopyTo(code);
        call.Emit("promotion_code.created", code);
        return Show.Of(call, code);
    }

    static JsonNode Update(StripeCall call)
    {
        var code = call.Get(Type, call.Id);
        if (call.Flag("active") == true && Find(call, code["code"]!.ToString()) is { } other && other["id"]!.ToString() != call.Id) throw StripeException.Invalid("An active promotion code of this word exists already.", "active");
        call.CopyTo(code, "active");
        call.Emit("promotion_code.updated", code);
        return Show.Of(call, code);
    }

    static JsonObject List(StripeCall call) => StripeList.Page(call, call.Work.All(Type).Where(c =>
        (call.Flag("active") is not { } active || IsActive(c, call.Now) == active)
        && (call.Text("code") is not { } word || Matches(c, word))
        && (call.Text("coupon") is not { } coupon || c["coupon"]!["id"]!.ToString() == coupon)
        && (call.Text("customer") is not { } customer || c["customer"]?.ToString() == customer)));
}
