using System.Text.Json.Nodes;
using Empire.Sandbox.Pages;

namespace Empire.Sandbox.Stripe;

/// <summary>A link, good once and for five minutes, to the page on which the holder of an account says who they are.</summary>
static class AccountLinks
{
    const string Type = "account_link";
    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public static void Map(StripeRoutes routes, WebApplication app)
    {
        routes.Post("/account_links", Parameters.Of("account!:str type!:account_onboarding|account_update refresh_url:str return_url:str collect:currently_due|eventually_due"), Create);
        app.MapGet("/stripe/onboarding/{token}", (string token, HttpContext http, StripeSessions stripe) => Visit(token, http, stripe, submitted: false));
        app.MapPost("/stripe/onboarding/{token}", (string token, HttpContext http, StripeSessions stripe) => Visit(token, http, stripe, submitted: true)).DisableAntiforgery();
    }

    static JsonNode Create(StripeCall call)
    {
        var account = call.Get(Accounts.Type, call.Text("account") ?? "", "account");
        foreach (var url in (string[])["refresh_url", "return_url"])
            if (!Uri.TryCreate(call.Text(url) ?? throw StripeException.Invalid($"Missing required param: {url}.", url, "parameter_missing"), UriKind.Absolute, out _)) throw StripeException.Invalid("Not a valid URL", url, "url_invalid");
        var id = StripeContext.NewId("link");
        var expires = (call.Time + Lifetime).ToUnixTimeSeconds();
        call.Work.Add(Type, new() { ["id"] = id, ["account"] = account["id"]!.ToString(), ["return_url"] = call.Text("return_url"), ["refresh_url"] = call.Text("refresh_url"), ["expires_at"] = expires });
        return new JsonObject { ["object"] = Type, ["created"] = call.Now, ["expires_at"] = expires, ["url"] = $"{call.Address}/stripe/onboarding/{id}" };
    }

    static IResult Visit(string token, HttpContext http, StripeSessions stripe, bool submitted) => stripe.Change(http, context =>
    {
        if (context.Work.Find(Type, token) is not { } link) return Page.Of("Not found", "<p>This link is not known, or was used.</p>", 404);
        if (link["expires_at"]!.ToString() is var ends && long.Parse(ends) < context.Now) return Results.Redirect(link["refresh_url"]!.ToString());
        if (!submitted) return Page.Of("Sell through Empire", $"""<p>Account <code>{Page.E(link["account"]!.ToString())}</code></p><form method="post">{Page.Button("answer", "complete", "Complete")}</form>""");
        Accounts.Enable(context, context.Get(Accounts.Type, link["account"]!.ToString()));
        context.Work.Remove(token);
        return Results.Redirect(link["return_url"]!.ToString());
    });
}
