using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Empire.Http;

/// <summary>Answers repeats of requests whose endpoint says <c>WithIdempotencyKey</c>.</summary>
internal sealed partial class IdempotencyMiddleware(RequestDelegate next, TimeProvider clock, ILogger<IdempotencyMiddleware> log)
{
    public const string Header = "Idempotency-Key";
    private const int LongestKey = 255, LargestAnswerBytes = 4 * 1024 * 1024;

    /// <summary>How long a twin waits for the first; afterwards it is told to come back.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<HonoursIdempotencyKey>() is null
            || !context.Request.Headers.TryGetValue(Header, out var sent)
            || context.Features.Get<Caller>() is not { } caller) return next(context);
        var key = sent.ToString();
        if (sent.Count != 1 || key.Length is 0 or > LongestKey || !key.All(c => c is >= ' ' and <= '~'))
            throw new InvalidFieldException(Header, $"wanted: one key of 1 to {LongestKey} printable ASCII characters.");
        return AnswerAsync(context, caller, key, context.RequestServices.GetRequiredService<IdempotencyTable>());
    }

    private async Task AnswerAsync(HttpContext context, Caller caller, string key, IdempotencyTable table)
    {
        var tenant = caller.Tenant;
        var request = $"{context.Request.Method} {context.Request.PathBase}{context.Request.Path}{context.Request.QueryString}";
        var bodyHash = await HashAsync(caller, context.Request, context.RequestAborted);
        var attempt = Guid.CreateVersion7(clock.GetUtcNow());
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(Pause, context.RequestAborted))
        {
            var row = await table.TakeAsync(tenant, key, attempt, request, bodyHash, context.RequestAborted);
            if (row.Attempt == attempt)
            {
                await RunAsync(context, tenant, key, attempt, table);
                return;
            }
            if (row.Request != request || !row.BodyHash.AsSpan().SequenceEqual(bodyHash))
            {
                await Refuse(context, new("idempotency-key-reused", "This key was used for another request, or by somebody else; a new request needs a new key."), StatusCodes.Status422UnprocessableEntity);
                return;
            }
            if (row.Answer is { } answer)
            {
                await answer.ReplayAsync(context.Response);
                return;
            }
            if (Stopwatch.GetElapsedTime(started) < Patience) continue;
            context.Response.Headers.RetryAfter = "5";
            await Refuse(context, new("idempotency-key-in-use", "The first request with this key is still under way."), StatusCodes.Status409Conflict);
            return;
        }
    }

    private async Task RunAsync(HttpContext context, TenantId tenant, string key, Guid attempt, IdempotencyTable table)
    {
        var client = context.Response.Body;
        using var buffer = new MemoryStream();
        context.Response.Body = buffer;
        var stored = false;
        using var over = new CancellationTokenSource();
        var holding = HoldAsync(tenant, key, attempt, table, over.Token);
        try
        {
            await next(context);
            if (StoredAnswer.IsFinal(context.Response.StatusCode))
            {
                if (buffer.Length > LargestAnswerBytes) LogTooLarge(log, context.Request.Path, buffer.Length);
                else
                {
                    await table.StoreAsync(tenant, key, attempt, StoredAnswer.Of(context.Response, buffer.ToArray()), CancellationToken.None);
                    stored = true;
                }
            }
        }
        finally
        {
            context.Response.Body = client;
            await over.CancelAsync();
            await holding;
            if (!stored) await table.FreeAsync(tenant, key, attempt, CancellationToken.None);
        }
        buffer.Position = 0;
        await buffer.CopyToAsync(client, context.RequestAborted);
    }

    /// <summary>Keeps the key for as long as the request takes; when the process dies, nobody does.</summary>
    private async Task HoldAsync(TenantId tenant, string key, Guid attempt, IdempotencyTable table, CancellationToken over)
    {
        using var timer = new PeriodicTimer(IdempotencyTable.RenewEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                try { await table.RenewAsync(tenant, key, attempt, over); }
                catch (Exception e) when (!over.IsCancellationRequested) { LogNotRenewed(log, e); }
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested) { } // the request is over
    }

    /// <summary>Of the body and of whose word it is: an answer is for whoever asked, and for what they may.</summary>
    private static async Task<byte[]> HashAsync(Caller caller, HttpRequest request, CancellationToken ct)
    {
        request.EnableBuffering();
        var body = await SHA256.HashDataAsync(request.Body, ct);
        request.Body.Position = 0;
        return SHA256.HashData([.. body, .. Encoding.UTF8.GetBytes($"{caller.Actor} {caller.Role}")]);
    }

    private static Task Refuse(HttpContext context, Refusal refusal, int status) => refusal.ToProblem(status).ExecuteAsync(context);

    [LoggerMessage(2, LogLevel.Warning, "The lease of an idempotency key was not renewed; it is tried again")]
    private static partial void LogNotRenewed(ILogger log, Exception e);

    [LoggerMessage(1, LogLevel.Warning, "The answer to {Path} has {Bytes} bytes, too large to keep for a repeat under its idempotency key")]
    private static partial void LogTooLarge(ILogger log, PathString path, long bytes);
}
