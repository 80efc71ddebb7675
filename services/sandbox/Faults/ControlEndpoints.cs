using Empire.Sandbox.Mail;
using Empire.Sandbox.Networks;
using Empire.Sandbox.Webhooks;
using Empire.Sandbox.X;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Sandbox.Faults;

/// <summary>The puppeteer's side of the sandbox, for tests and demonstrations; no real provider has it.</summary>
public static class ControlEndpoints
{
    public static void AddFaults(this IServiceCollection services) => services.AddSingleton<FaultBook>().AddSingleton<RequestLog>();

    public static void UseFaults(this WebApplication app) => app.UseMiddleware<FaultMiddleware>();

    public static void MapControl(this WebApplication app)
    {
        var control = app.MapGroup("/control");
        control.MapPost("/faults", Arm);
        control.MapGet("/faults", (FaultBook book) => new { data = book.All.Select(Describe) });
        control.MapDelete("/faults", (FaultBook book) => { book.Clear(); return TypedResults.NoContent(); });
        control.MapGet("/log", (RequestLog log, string? provider) => new { data = log.Of(provider) });
        control.MapGet("/posts", (Posts posts) => new { data = posts.All });
        control.MapGet("/conversions", (Conversions conversions) => new { data = conversions.All });
        control.MapPost("/conversions/{id}/reverse", Reverse);
        control.MapGet("/postbacks", (Postbacks postbacks) => new { data = postbacks.Deliveries });
        control.MapPut("/postback-target", SetTarget);
        control.MapPost("/reset", Reset);
        control.MapWebhookControl();
    }

    static Results<Created<object>, ValidationProblem> Arm(Fault fault, FaultBook book, TimeProvider clock)
    {
        if (fault.Errors() is { Count: > 0 } errors) return TypedResults.ValidationProblem(errors);
        return TypedResults.Created("/control/faults", Describe(book.Arm(fault.AtItsCommand(), clock.GetUtcNow())));
    }

    static object Describe(FaultBook.Armed armed) =>
        new { id = armed.Id, match = armed.Fault.Match, kind = armed.Fault.Kind, left = armed.Left, latency_ms = armed.Fault.LatencyMs, retry_after_s = armed.Fault.RetryAfterS };

    /// <summary>The shop took the goods back: the network reverses the commission and says so by a postback.</summary>
    static Results<Ok<Conversion>, NotFound, Conflict<string>> Reverse(string id, Conversions conversions)
    {
        if (conversions.Find(id) is not { } conversion) return TypedResults.NotFound();
        if (conversion.Status == ConversionStatus.Reversed) return TypedResults.Conflict($"{id} is reversed already.");
        return TypedResults.Ok(conversions.Reverse(conversion));
    }

    public sealed record Target(string? Url);

    /// <summary>Overrides Sandbox:PostbackTarget until the sandbox restarts; a null address stops postbacks.</summary>
    static Results<NoContent, ValidationProblem> SetTarget(Target target, PostbackTarget postbackTarget)
    {
        if (postbackTarget.Set(target.Url) is not { } refusal) return TypedResults.NoContent();
        return TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["url"] = [refusal] });
    }

    /// <summary>The outside world as it was on the first day: no posts, conversions, payments, mails, faults or log.</summary>
    static NoContent Reset(Journal journal, FaultBook faults, RequestLog log, Posts posts, Conversions conversions, Postbacks postbacks, RateWindows windows, Mailbox mailbox, IEnumerable<WebhookChannel> payments)
    {
        journal.Clear();
        faults.Clear();
        log.Clear();
        posts.Clear();
        conversions.Clear();
        postbacks.Clear();
        windows.Clear();
        mailbox.Clear();
        foreach (var provider in payments) provider.Store.Clear();
        return TypedResults.NoContent();
    }
}
