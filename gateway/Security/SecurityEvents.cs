using System.Text.Json;
using System.Threading.Channels;
using Empire.Gateway.Requests;
using Empire.Gateway.Shared;
using Empire.Http;
using StackExchange.Redis;

namespace Empire.Gateway.Security;

/// <summary>Writes events to the log, and to a Redis stream of about 10,000 entries, from which the owner can list them. Without Redis the log alone has them. An attack does not drown the rest: of one kind and
/// origin the log has the first, then how many more there were in each minute; the list has the first ten of a minute, then how many more. So nothing is lost but which of the many it was.</summary>
internal sealed partial class SecurityEvents(SharedState shared, TimeProvider clock, ILogger<SecurityEvents> log) : BackgroundService
{
    public static readonly TimeSpan SumEvery = TimeSpan.FromMinutes(1);
    private const int Kept = 10_000;

    private readonly Channel<SecurityEvent> waiting = Channel.CreateBounded<SecurityEvent>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Tallies tallies = new();

    public void Record(string kind, Visit visit, string? detail = null)
    {
        var happened = new SecurityEvent(clock.GetUtcNow(), kind, visit.Address.ToString(), visit.Identity?.Caller.Actor, visit.Route?.Path, detail);
        var (number, first) = tallies.Add(happened, visit.Identity?.Caller.Actor ?? visit.Origin);
        if (first) LogHappened(log, happened.Kind, happened.Address, happened.Actor, happened.Route, happened.Detail);
        if (number <= Tallies.Singly) waiting.Writer.TryWrite(happened);
    }

    /// <summary>The newest first.</summary>
    /// <param name="before">Id of the last one of the page before.</param>
    /// <returns>Null when Redis is away.</returns>
    public async Task<IReadOnlyList<(string Id, SecurityEvent Event)>?> ListAsync(string? before, int count)
    {
        var (answered, rows) = await shared.TryAsync(redis => redis.ExecuteAsync("XREVRANGE", SharedState.Names.SecurityEvents, before is null ? "+" : $"({before}", "-", "COUNT", count));
        if (!answered) return null;
        return [.. ((RedisResult[])rows!).Select(row =>
        {
            var parts = (RedisResult[])row!;
            return ((string)parts[0]!, JsonSerializer.Deserialize<SecurityEvent>((string)((RedisResult[])parts[1]!)[1]!, SnakeCaseJson.Options)!);
        })];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var summing = SumUpAsync(stoppingToken);
        await foreach (var happened in waiting.Reader.ReadAllAsync(CancellationToken.None))   // until the sums of the last minute are written
            await shared.TryAsync(redis => redis.ExecuteAsync("XADD", SharedState.Names.SecurityEvents, "MAXLEN", "~", Kept, "*", "e", JsonSerializer.Serialize(happened, SnakeCaseJson.Options)));
        await summing;
    }

    private async Task SumUpAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SumEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) SayMore();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            SayMore();
            waiting.Writer.Complete();
        }
    }

    private void SayMore()
    {
        foreach (var (last, unlogged, unlisted) in tallies.SumUp())
        {
            LogMore(log, last.Kind, last.Address, last.Actor, last.Route, unlogged);
            if (unlisted > 0) waiting.Writer.TryWrite(last with { Count = unlisted });
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Security: {Kind} from {Address} by {Actor} at {Route}: {Detail}")]
    private static partial void LogHappened(ILogger log, string kind, string address, string? actor, string? route, string? detail);

    [LoggerMessage(2, LogLevel.Warning, "Security: {Kind} from {Address} by {Actor} at {Route}: {Count} more within a minute")]
    private static partial void LogMore(ILogger log, string kind, string address, string? actor, string? route, long count);
}
