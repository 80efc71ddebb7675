using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Sandbox.Webhooks;

public static class WebhookControl
{
    public static void AddWebhooks(this IServiceCollection services) => services.AddHostedService<WebhookSender>();

    public static void MapWebhookControl(this IEndpointRouteBuilder control)
    {
        control.MapGet("/webhooks/{provider}", List);
        control.MapPut("/webhooks/{provider}/target", SetTarget);
    }

    /// <summary>Every attempt since the start, and how many webhooks still wait.</summary>
    static Results<Ok<object>, NotFound<string>> List(string provider, IEnumerable<WebhookChannel> channels) => Find(provider, channels) is { } channel
        ? TypedResults.Ok<object>(new { target = channel.Target, waiting = channel.Store.Webhooks.Waiting, data = channel.Store.Webhooks.Deliveries })
        : Unknown(provider, channels);

    public sealed record NewTarget(string? Url);

    /// <summary>Overrides the configured endpoint until the sandbox restarts; null takes it away.</summary>
    static Results<NoContent, NotFound<string>, ValidationProblem> SetTarget(string provider, NewTarget target, IEnumerable<WebhookChannel> channels)
    {
        if (Find(provider, channels) is not { } channel) return Unknown(provider, channels);
        if (target.Url is not null && !WebhookChannel.IsAddress(target.Url))
            return TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["url"] = ["An absolute http(s) address, or null for none."] });
        channel.Target = target.Url;
        return TypedResults.NoContent();
    }

    static WebhookChannel? Find(string provider, IEnumerable<WebhookChannel> channels) => channels.FirstOrDefault(c => c.Provider == provider);

    static NotFound<string> Unknown(string provider, IEnumerable<WebhookChannel> channels) =>
        TypedResults.NotFound($"No provider {provider} sends webhooks; {string.Join(", ", channels.Select(c => c.Provider))} do.");
}
