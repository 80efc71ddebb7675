using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Empire.Messaging;

/// <summary>What an operator sees of messages that failed for good, and the command that tries them again.</summary>
internal static class MessagingEndpoints
{
    private const int Shown = 20;

    /// <param name="Messages">In the error queue now, of all tenants.</param>
    /// <param name="Latest">The caller's tenant's last failures.</param>
    public sealed record ErrorQueue(string Queue, uint Messages, IReadOnlyList<MessageFailure> Latest);
    /// <example>{"data": [{"queue": "analytics.charge-refunded", "messages": 0, "latest": []}]}</example>
    public sealed record ErrorList(IReadOnlyList<ErrorQueue> Data);

    /// <param name="Messages">How many went back to their handler.</param>
    /// <example>{"queue": "analytics.charge-refunded", "messages": 3}</example>
    public sealed record Redriven(string Queue, int Messages);

    public static void Map(IEndpointRouteBuilder routes, string service)
    {
        var errors = routes.MapGroup($"/api/v1/{service}/messaging/errors").WithTags("Messaging").ForRoles("owner", "admin", "service");
        errors.MapGet("", ListAsync).WithName("ListMessageErrors");
        errors.MapPost("{queue}/redrive", RedriveAsync).WithName("RedriveMessages");
    }

    private static async Task<Ok<ErrorList>> ListAsync(Caller caller, ErrorQueues queues, Database database, CancellationToken ct)
    {
        var counts = await queues.CountAsync(ct);
        await using var work = await database.BeginAsync(caller.Tenant, ct);
        var list = new List<ErrorQueue>();
        foreach (var queue in queues.Queues)
            list.Add(new(queue, counts[queue], await FailureTable.LatestAsync(work, queue, Shown, ct)));
        return TypedResults.Ok(new ErrorList(list));
    }

    /// <summary>The queue holds every tenant's messages, so no tenant's own role is enough.</summary>
    private static async Task<Results<Ok<Redriven>, NotFound, ProblemHttpResult>> RedriveAsync(string queue, Caller caller, ErrorQueues queues, CancellationToken ct)
    {
        if (!caller.Operator) return new Refusal("operator-needed", "Only the operator of the installation redrives messages: a queue holds those of all its accounts.").ToProblem(StatusCodes.Status403Forbidden);
        return queues.Queues.Contains(queue) ? TypedResults.Ok(new Redriven(queue, await queues.RedriveAsync(queue, ct))) : TypedResults.NotFound();
    }
}
