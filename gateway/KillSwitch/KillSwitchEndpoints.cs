using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Empire.Gateway.Requests;
using Empire.Gateway.Routing;
using Empire.Http;

namespace Empire.Gateway.KillSwitch;

/// <summary>One switch over every service that acts in the outside world. Each service keeps its own durable switch, so that none depends on another to
/// stop; the answer names who confirmed and who could not be reached.</summary>
internal static class KillSwitchEndpoints
{
    /// <example>{"reason": "A campaign posts what it should not."}</example>
    public sealed record Request([Required, StringLength(500, MinimumLength = 1)] string Reason);

    /// <param name="Everywhere">True when every service confirmed.</param>
    /// <example>{"everywhere": true, "services": {"publishing": "confirmed", "acquisition": "confirmed", "payments": "confirmed"}}</example>
    public sealed record Response(bool Everywhere, IReadOnlyDictionary<string, string> Services);

    public static void MapKillSwitch(this WebApplication app)
    {
        var group = app.MapGroup("/api/v1/effects").WithTags("Kill switch");
        group.MapPost("/halt", (Request request, HttpContext context, IHttpClientFactory clients, IConfiguration configuration) =>
            TellAllAsync("halt", request, context, clients, configuration)).WithName("HaltAllEffects").WithSummary("Stops every effect on the outside world").Produces<Response>().Produces<Response>(StatusCodes.Status502BadGateway).Under("/api/v1/effects/halt");
        group.MapPost("/resume", (Request request, HttpContext context, IHttpClientFactory clients, IConfiguration configuration) =>
            TellAllAsync("resume", request, context, clients, configuration)).WithName("ResumeAllEffects").WithSummary("Lets effects go on").Produces<Response>().Produces<Response>(StatusCodes.Status502BadGateway).Under("/api/v1/effects/resume");
    }

    private static async Task<IResult> TellAllAsync(string verb, Request request, HttpContext context, IHttpClientFactory clients, IConfiguration configuration)
    {
        var identity = Visit.Of(context).Identity!;   // the route admits the operator only
        var answers = await Task.WhenAll(RouteTable.WithEffects.SelectMany(service => Replicas(configuration, service).Take(1).Select(async address =>
        {
            try
            {
                using var client = clients.CreateClient(Health.ReplicaReports.ClientName);
                using var message = new HttpRequestMessage(HttpMethod.Post, $"{address}/api/v1/{service}/effects/{verb}") { Content = JsonContent.Create(request) };
                message.Headers.Add(CallerToken.Header, identity.Token);
                using var response = await client.SendAsync(message, CancellationToken.None);   // a switch half thrown is worse than an answer nobody reads
                return (service, outcome: response.IsSuccessStatusCode ? "confirmed" : $"refused with {(int)response.StatusCode}");
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException)
            {
                return (service, outcome: "unreachable");
            }
        })));
        var everywhere = answers.All(answer => answer.outcome == "confirmed");
        return Results.Json(
            new Response(everywhere, answers.ToDictionary(answer => answer.service, answer => answer.outcome)),
            statusCode: everywhere ? StatusCodes.Status200OK : StatusCodes.Status502BadGateway);
    }

    private static IEnumerable<string> Replicas(IConfiguration configuration, string service) =>
        configuration.GetSection($"services:{service}:http").GetChildren().Select(replica => replica.Value!);
}
