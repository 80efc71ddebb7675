using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Empire.Gateway.Requests;
using Empire.Gateway.Shared;
using Empire.Http;
using StackExchange.Redis;

namespace Empire.Gateway.Security;

/// <summary>Writes each event to the log, and to a Redis stream of the last 10,000, from which the owner can list them. Without Redis the log alone has them.
/// An attack does not drown the rest: of one kind and address at most ten a minute are kept.</summary>
internal sealed partial class SecurityEvents(SharedState shared, TimeProvider clock, ILogger<SecurityEvents> log) : BackgroundService
{
    private const int Kept = 10_000, PerMinute = 10;

    private readonly Channel<SecurityEvent> waiting = Channel.CreateBounded<SecurityEvent>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<(string, string), Count> counts = new();

    public void Record(string kind, Visit visit, string? detail = null) =>
        Record(new(clock.GetUtcNow(), kind, visit.Address.ToString(), visit.Identity?.Caller.Actor, visit.Route?.Path, detail));

    public void Record(SecurityEvent happened)
    {
        var minute = happened.At.ToUnixTimeSeconds() / 60;
        if (counts.Count > 10_000) counts.Clear();
        var count = counts.AddOrUpdate((happened.Kind, happened.Address), new Count(minute, 1), (_, old) => old.Minute == minute ? old with { Number = old.Number + 1 } : new(minute, 1));
        if (count.Number > PerMinute) return;
        LogHappened(log, happened.Kind, happened.Address, happened.Actor, happened.Route, happened.Detail);
        waiting.Writer.TryWrite(happened);
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
        await foreach (var happened in waiting.Reader.ReadAllAsync(stoppingToken))
            await shared.TryAsync(redis => redis.ExecuteAsync("XADD", SharedState.Names.SecurityEvents, "MAXLEN", "~", Kept, "*", "e", JsonSerializer.Serialize(happened, SnakeCaseJson.Options)));
    }

    private readonly record struct Count(long Minute, int Number);

    [LoggerMessage(1, LogLevel.Warning, "Security: {Kind} from {Address} by {Actor} at {Route}: {Detail}")]
    private static partial void LogHappened(ILogger log, string kind, string address, string? actor, string? route, string? detail);
}
