using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>Connect: those who sell through the platform. An account may take money once its holder has gone through <see cref="AccountLinks"/>.</summary>
static class Accounts
{
    public const string Type = "account";

    /// <summary>The platform itself.</summary>
    public const string Platform = "acct_1SandboxPlatform";

    const string Fields = "email:str business_type:company|government_entity|individual|non_profit metadata:map default_currency:str business_profile:{name:str url:str mcc:str product_description:str support_email:str} "
        + "capabilities:{card_payments:{requested:bool} transfers:{requested:bool}}";

    static readonly string[] Due = ["business_profile.url", "external_account", "individual.first_name", "individual.last_name", "tos_acceptance.date"];

    public static void Map(StripeRoutes routes)
    {
        routes.Post("/accounts", Parameters.Of($"type:custom|express|standard country:str {Fields}"), Create);
        routes.Get("/accounts", Parameters.OfList("created:range"), call => StripeList.Page(call, call.Work.All(Type)));
        routes.Get("/accounts/{id}", call => DocumentWork.Shown(call.Get(Type, call.Id)));
        routes.Post("/accounts/{id}", Parameters.Of(Fields), Update);
        routes.Delete("/accounts/{id}", Delete);
        routes.GetAsAccount("/account", Parameters.Of(""), call => call.Account is { } id ? DocumentWork.Shown(call.Get(Type, id)) : Self(call));
    }

    /// <exception cref="StripeException">Unknown, or not yet allowed to be paid.</exception>
    public static JsonObject RequireReceiver(StripeContext context, string id, string parameter)
    {
        var account = context.Work.Find(Type, id) ?? throw StripeException.Missing("destination", id, parameter, 400);
        return account["capabilities"]!["transfers"]?.ToString() == "active" ? account
            : throw StripeException.Invalid("Your destination account needs to have at least one of the following capabilities enabled: transfers.", parameter, "insufficient_capabilities_for_transfer");
    }

    /// <summary>The holder has given all that was asked for.</summary>
    public static void Enable(StripeContext context, JsonObject account)
    {
        (account["charges_enabled"], account["payouts_enabled"], account["details_submitted"]) = (true, true, true);
        foreach (var capability in account["capabilities"]!.AsObject().Select(c => c.Key).ToArray()) account["capabilities"]![capability] = "active";
        (account["requirements"], account["tos_acceptance"]) = (Requirements([], null), new JsonObject { ["date"] = context.Now });
        context.Emit("account.updated", account, account["id"]!.ToString());
    }

    static JsonNode Create(StripeCall call)
    {
        var country = call.Text("country") ?? "US";
        if (country.Length != 2 || !country.All(char.IsAsciiLetterUpper)) throw StripeException.Invalid($"Country '{country}' is unknown. Try using a 2-character alphanumeric country code instead, such as 'US', 'EG', or 'GB'.", "country");
        var account = call.Add(Type, "acct", Fresh(call, call.Text("type") ?? "standard", country, enabled: false));
        Alter(call, account);
        if (account["capabilities"]!.AsObject().Count == 0) account["capabilities"] = new JsonObject { ["card_payments"] = "inactive", ["transfers"] = "inactive" };
        return DocumentWork.Shown(account);
    }

    static JsonNode Update(StripeCall call)
    {
        var account = call.Get(Type, call.Id);
        Alter(call, account);
        call.Emit("account.updated", account, call.Id);
        return DocumentWork.Shown(account);
    }

    static JsonNode Delete(StripeCall call)
    {
        call.Get(Type, call.Id);
        call.Work.Remove(call.Id);
        return new JsonObject { ["id"] = call.Id, ["object"] = Type, ["deleted"] = true };
    }

    static void Alter(StripeCall call, JsonObject account)
    {
        call.CopyTo(account, "email", "business_type", "default_currency");
        foreach (var (name, value) in call.Group("business_profile") ?? []) account["business_profile"]![name] = value!.DeepClone();
        var active = account["details_submitted"]!.GetValue<bool>() ? "active" : "inactive";
        foreach (var (name, value) in call.Group("capabilities") ?? [])
            if (value!["requested"]?.GetValue<bool>() == true) account["capabilities"]![name] = active;
            else account["capabilities"]!.AsObject().Remove(name);
    }

    static JsonObject Self(StripeCall call)
    {
        var account = new JsonObject { ["id"] = Platform, ["object"] = Type };
        foreach (var (name, value) in Fresh(call, "standard", "US", enabled: true)) account[name] = value?.DeepClone();
        account["capabilities"] = new JsonObject { ["card_payments"] = "active", ["transfers"] = "active" };
        return account;
    }

    static JsonObject Fresh(StripeContext context, string type, string country, bool enabled) => new()
    {
        ["business_profile"] = new JsonObject { ["mcc"] = null, ["name"] = null, ["product_description"] = null, ["support_address"] = null, ["support_email"] = null, ["support_phone"] = null, ["support_url"] = null, ["url"] = null },
        ["business_type"] = null,
        ["capabilities"] = new JsonObject(),
        ["charges_enabled"] = enabled,
        ["country"] = country,
        ["created"] = context.Now,
        ["default_currency"] = "usd",
        ["details_submitted"] = enabled,
        ["email"] = null,
        ["external_accounts"] = new JsonObject { ["object"] = "list", ["data"] = new JsonArray(), ["has_more"] = false, ["url"] = "/v1/accounts/external_accounts" },
        ["future_requirements"] = Requirements([], null),
        ["metadata"] = new JsonObject(),
        ["payouts_enabled"] = enabled,
        ["requirements"] = enabled ? Requirements([], null) : Requirements(Due, "requirements.past_due"),
        ["settings"] = new JsonObject
        {
            ["branding"] = new JsonObject { ["icon"] = null, ["logo"] = null, ["primary_color"] = null, ["secondary_color"] = null },
            ["card_payments"] = new JsonObject { ["statement_descriptor_prefix"] = null, ["statement_descriptor_prefix_kana"] = null, ["statement_descriptor_prefix_kanji"] = null },
            ["dashboard"] = new JsonObject { ["display_name"] = null, ["timezone"] = "Etc/UTC" },
            ["payments"] = new JsonObject
            {
                ["statement_descriptor"] = null, ["statement_descriptor_kana"] = null, ["statement_descriptor_kanji"] = null, ["statement_descriptor_prefix_kana"] = null, ["statement_descriptor_prefix_kanji"] = null,
            },
        },
        ["tos_acceptance"] = new JsonObject { ["date"] = null },
        ["type"] = type,
    };

    static JsonObject Requirements(string[] due, string? disabled) => new()
    {
        ["alternatives"] = new JsonArray(),
        ["current_deadline"] = null,
        ["currently_due"] = new JsonArray([.. due.Select(d => (JsonNode)d)]),
        ["disabled_reason"] = disabled,
        ["errors"] = new JsonArray(),
        ["eventually_due"] = new JsonArray([.. due.Select(d => (JsonNode)d)]),
        ["past_due"] = new JsonArray([.. due.Select(d => (JsonNode)d)]),
        ["pending_verification"] = new JsonArray(),
    };
}
