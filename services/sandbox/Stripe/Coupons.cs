using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>A reduction that may be given: in percent or an amount, once, for some months or for ever. <see cref="Discounts"/> are coupons in use.</summary>
static class Coupons
{
    public const string Type = "coupon";

    public static void Map(StripeRoutes routes)
    {
        routes.Post("/coupons", Parameters.Of("id:str amount_off:int currency:str percent_off:num duration:forever|once|repeating duration_in_months:int max_redemptions:int redeem_by:int name:str metadata:map"), Create);
        routes.Get("/coupons", Parameters.OfList("created:range"), call => StripeList.Page(call, call.Work.All(Type)));
        routes.Get("/coupons/{id}", call => Show.Of(call, call.Get(Type, call.Id)));
        routes.Post("/coupons/{id}", Parameters.Of("name:str metadata:map"), Update);
        routes.Delete("/coupons/{id}", Delete);
    }

    /// <summary>It may still be given: not too late, and not too often.</summary>
    public static bool IsValid(JsonObject coupon, long now) =>
        (coupon["redeem_by"]?.Whole() is not { } until || until > now) && (coupon["max_redemptions"]?.Whole() is not { } most || coupon["times_redeemed"]!.Whole() < most);

    static JsonNode Create(StripeCall call)
    {
        var (amount, percent) = (call.Number("amount_off"), call.Parameters["percent_off"]?.GetValue<decimal>());
        if (amount is null == percent is null) throw StripeException.Invalid("You must pass exactly one of percent_off and amount_off.", amount is null ? "percent_off" : "amount_off", "parameter_missing");
        if (amount is < 1) throw StripeException.Invalid("This value must be greater than or equal to 1.", "amount_off", "parameter_invalid_integer");
        if (percent is <= 0 or > 100) throw StripeException.Invalid("Must be greater than 0 and at most 100.", "percent_off");
        if (amount is not null && call.Text("currency") is null) throw StripeException.Invalid("You must pass currency when passing amount_off.", "currency", "parameter_missing");
        var duration = call.Text("duration") ?? "once";
        if (duration == "repeating" != call.Has("duration_in_months")) throw StripeException.Invalid("duration_in_months is given if, and only if, the duration is repeating.", "duration_in_months");
        if (call.Number("duration_in_months") is < 1) throw StripeException.Invalid("This value must be greater than or equal to 1.", "duration_in_months", "parameter_invalid_integer");
        if (call.Number("max_redemptions") is < 1) throw StripeException.Invalid("This value must be greater than or equal to 1.", "max_redemptions", "parameter_invalid_integer");
        if (call.Number("redeem_by") is { } until && until <= call.Now) throw StripeException.Invalid("The time must be in the future.", "redeem_by");
        var id = call.Text("id") ?? StripeContext.NewId("x", 8)[2..];
        if (call.Work.Look(id) is not null) throw StripeException.Invalid("Coupon already exists.", "id", "resource_already_exists");
        var coupon = call.Work.Add(Type, new()
        {
            ["id"] = id,
            ["object"] = Type,
            ["amount_off"] = amount,
            ["created"] = call.Now,
            ["currency"] = call.Text("currency") is { } currency && amount is not null ? StripeCurrency.Require(currency) : null,
            ["duration"] = duration,
            ["duration_in_months"] = call.Number("duration_in_months"),
            ["livemode"] = false,
            ["max_redemptions"] = call.Number("max_redemptions"),
            ["metadata"] = new JsonObject(),
            ["name"] = null,
            ["percent_off"] = percent,
            ["redeem_by"] = call.Number("redeem_by"),
            ["times_redeemed"] = 0,
            ["valid"] = true,
        });
        call.CopyTo(coupon, "name");
        call.Emit("coupon.created", coupon);
        return Show.Of(call, coupon);
    }

    static JsonNode Update(StripeCall call)
    {
        var coupon = call.Get(Type, call.Id);
        call.CopyTo(coupon, "name");
        call.Emit("coupon.updated", coupon);
        return Show.Of(call, coupon);
    }

    /// <summary>It cannot be given any more; whoever has it keeps it.</summary>
    static JsonNode Delete(StripeCall call)
    {
        var coupon = call.Get(Type, call.Id);
        call.Emit("coupon.deleted", coupon);
        foreach (var code in call.Work.All(PromotionCodes.Type).Where(c => c["coupon"]!["id"]!.ToString() == call.Id).Select(c => c["id"]!.ToString()).ToList())
            call.Get(PromotionCodes.Type, code)["active"] = false;
        call.Work.Remove(call.Id);
        return new JsonObject { ["id"] = call.Id, ["object"] = Type, ["deleted"] = true };
    }
}
