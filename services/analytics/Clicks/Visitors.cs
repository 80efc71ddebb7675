using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Empire.Data;

namespace Empire.Analytics.Clicks;

/// <summary>Gives each visitor a pseudonym for one UTC day: 64 bits of SHA-256(salt of the day, address, user agent). The salt is random, shared by the
/// replicas through the database and deleted two days later, so that a pseudonym cannot be traced back, nor followed from one day to the next.</summary>
public sealed partial class Visitors(Database db, TimeProvider clock, ILogger<Visitors> log) : BackgroundService
{
    private const int SaltBytes = 32, MaxAddressLength = 64, MaxUserAgentLength = 256;
    private const int InputBytes = SaltBytes + 3 * MaxAddressLength + 1 + 3 * MaxUserAgentLength; // UTF-8 takes up to three bytes for a char

    private volatile Salt? today;
    private volatile Salt? tomorrow;

    /// <param name="address">Of the visitor's machine, in whatever form it came.</param>
    /// <returns>Null while the day's salt has not been fetched: no salt, no pseudonym.</returns>
    public long? PseudonymOf(ReadOnlySpan<char> address, ReadOnlySpan<char> userAgent, DateTimeOffset now)
    {
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        var salt = today is { } a && a.Day == day ? a : tomorrow is { } b && b.Day == day ? b : null;
        if (salt is null || address.IsEmpty) return null;
        Span<byte> input = stackalloc byte[InputBytes];
        salt.Bytes.CopyTo(input);
        var taken = salt.Bytes.Length;
        Encoding.UTF8.TryGetBytes(address[..Math.Min(address.Length, MaxAddressLength)], input[taken..], out var written);
        input[taken += written] = (byte)'\n';
        // Browsers' user agents are half as long; what is cut off tells no two visitors apart.
        Encoding.UTF8.TryGetBytes(userAgent[..Math.Min(userAgent.Length, MaxUserAgentLength)], input[(taken + 1)..], out written);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input[..(taken + 1 + written)], hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }

    /// <summary>Fetches (or makes) the salts of this day and the next, and forgets those before yesterday.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        var day = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        if (tomorrow?.Day == day.AddDays(1)) return;
        await using var work = await db.BeginSystemAsync(ct);
        today = new(day, await SaltAsync(work, day, ct));
        tomorrow = new(day.AddDays(1), await SaltAsync(work, day.AddDays(1), ct));
        await work.ExecuteAsync("delete from visitor_salts where day < @before", new { before = day.AddDays(-1) }, ct);
        await work.CommitAsync(ct);
    }

    /// <summary>The first visitor already finds a salt.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryRefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(10), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await TryRefreshAsync(stoppingToken);
    }

    private async Task TryRefreshAsync(CancellationToken ct)
    {
        try { await RefreshAsync(ct); }
        catch (Exception e) when (!ct.IsCancellationRequested) { LogNoSalt(log, e); }
    }

    private static async Task<byte[]> SaltAsync(Work work, DateOnly day, CancellationToken ct)
    {
        await work.ExecuteAsync("insert into visitor_salts (day, salt) values (@day, @salt) on conflict do nothing",
            new { day, salt = RandomNumberGenerator.GetBytes(SaltBytes) }, ct);
        return await work.QuerySingleAsync<byte[]>("select salt from visitor_salts where day = @day", new { day }, ct);
    }

    [LoggerMessage(1, LogLevel.Warning, "The day's salt is out of reach; clicks are recorded without a visitor until it is")]
    private static partial void LogNoSalt(ILogger log, Exception e);

    private sealed record Salt(DateOnly Day, byte[] Bytes);
}
