using Empire.Contracts.V1;
using Empire.Gateway.Authentication;
using Empire.Gateway.Requests;
using Empire.Http;
using Grpc.Core;

namespace Empire.Gateway.Limits;

/// <summary>The month of a metered account. Identity counts, in one transaction, so that no two calls are both the last; the door takes a call before it lets the request
/// through and gives it back when the platform fails it.</summary>
internal sealed partial class MonthlyQuota(Identity.IdentityClient identity, TimeProvider clock, ILogger<MonthlyQuota> log)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <returns>True when the request may go on; false when it was answered.</returns>
    public async ValueTask<bool> SpendAsync(HttpContext context, Visit visit, SignedIdentity caller)
    {
        try
        {
            var reply = await identity.SpendCallAsync(new(), Options(caller, context.RequestAborted));
            visit.Receipt = reply.Receipt;
            return true;
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.ResourceExhausted)
        {
            var now = clock.GetUtcNow();
            var month = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
            context.Response.Headers.RetryAfter = $"{(long)Math.Ceiling((month - now).TotalSeconds)}";
            await new Refusal("tier-limit-exceeded", e.Status.Detail is { Length: > 0 } detail ? detail : "The month's calls are used up. Upgrade, or wait for the next month.")
                .ToProblem(StatusCodes.Status429TooManyRequests).ExecuteAsync(context);
            return false;
        }
        catch (RpcException e) when (!context.RequestAborted.IsCancellationRequested)
        {
            // A call that cannot be counted is not made: a quota that lets everything through when its keeper is slow is none.
            LogUncounted(log, e.StatusCode);
            context.Response.Headers.RetryAfter = "2";
            await new Refusal("service-unavailable", "Calls cannot be counted right now. Try again shortly.").ToProblem(StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context);
            return false;
        }
    }

    /// <summary>After a failure of ours. One that is lost costs the account one call of its month.</summary>
    public async ValueTask ReturnAsync(Visit visit, SignedIdentity caller)
    {
        try
        {
            await identity.ReturnCallAsync(new() { Receipt = visit.Receipt! }, Options(caller, CancellationToken.None));
        }
        catch (RpcException e)
        {
            LogUnreturned(log, e.StatusCode);
        }
    }

    private static CallOptions Options(SignedIdentity caller, CancellationToken ct) =>
        new(new Metadata { { CallerToken.Header, caller.Token } }, TimeProvider.System.GetUtcNow().UtcDateTime + Deadline, ct);

    [LoggerMessage(1, LogLevel.Warning, "Identity did not count a call: {Status}")]
    private static partial void LogUncounted(ILogger log, StatusCode status);

    [LoggerMessage(2, LogLevel.Warning, "Identity did not take a call back: {Status}")]
    private static partial void LogUnreturned(ILogger log, StatusCode status);
}
