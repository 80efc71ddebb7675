using System.Security.Cryptography;
using System.Text;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Analytics.Conversions;

/// <summary>Keeps what a network reports and nobody here can read, so that no sale is lost because its row was odd: the operator sees it, and each collection tries it again.</summary>
public sealed partial class UnreadableRows(Database db, ConversionIntake intake, TimeProvider clock, ILogger<UnreadableRows> log)
{
    private const int BatchSize = 1000;

    /// <summary>Kept once, however often the report shows it.</summary>
    /// <param name="errors">Per field, what is wrong with it.</param>
    public async Task KeepAsync(Network network, string body, IReadOnlyDictionary<string, string[]> errors, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var problems = string.Join("; ", errors.Select(error => $"{error.Key}: {string.Join(' ', error.Value)}"));
        await using var work = await db.BeginSystemAsync(ct);
        var added = await work.ExecuteAsync(
            """
            insert into unreadable_rows (id, network, body, body_hash, problems, first_seen_at) values (@id, @Name, @body, @hash, @problems, @now)
            on conflict (network, body_hash) do nothing
            """, new { id = Guid.CreateVersion7(now), network.Name, body, hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body))), problems, now }, ct);
        if (added == 0) return;
        work.NothingToAudit();
        await work.CommitAsync(ct);
        LogKept(log, network.Name, problems);
    }

    /// <summary>Takes in what has become readable, as after an upgrade.</summary>
    public async Task RetryAsync(CancellationToken ct)
    {
        foreach (var row in await OpenAsync(ct))
        {
            if (Network.Find(row.Network) is not { } network || NetworkMessage.Parse(row.Body, out _) is not { } message) continue;
            await intake.TakeAsync(network, message, "report", ct);
            await using var work = await db.BeginSystemAsync(ct);
            work.NothingToAudit();
            await work.ExecuteAsync("update unreadable_rows set taken_in_at = @now where id = @Id", new { row.Id, now = clock.GetUtcNow() }, ct); // a death before repeats the intake, which knows what it has
            await work.CommitAsync(ct);
        }
    }

    private async Task<IReadOnlyList<Row>> OpenAsync(CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        return await work.QueryAsync<Row>("select id, network, body from unreadable_rows where taken_in_at is null order by id limit @BatchSize", new { BatchSize }, ct);
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public string Network { get; init; } = "";
        public string Body { get; init; } = "";
    }

    [LoggerMessage(1, LogLevel.Error, "The report of {Network} has a row that cannot be taken in; it is kept for the operator: {Problems}")]
    private static partial void LogKept(ILogger log, string network, string problems);
}

/// <summary>What the networks reported and nobody could read, newest first. For the operator, since such a row says of no account that it is theirs.</summary>
public static class ListUnreadableRows
{
    /// <param name="Body">As the network wrote it.</param>
    /// <param name="Problems">Which fields are wrong, and how.</param>
    /// <param name="TakenInAt">When it could be read after all and counted; null while it cannot.</param>
    /// <example>{"id": "row_0199f3a17c5b7d3e8a4b5c6d7e8f9081", "network": "meadow", "body": "{\"conversion_id\":\"m-20260302-18\",\"commission\":\"four\"}",
    /// "problems": "commission: Must be a decimal, as in \"3.99\".", "first_seen_at": "2026-03-02T06:40:00+00:00", "taken_in_at": null}</example>
    public sealed record Item(string Id, string Network, string Body, string Problems, DateTimeOffset FirstSeenAt, DateTimeOffset? TakenInAt);

    public static async Task<Results<Ok<Page<Item>>, ProblemHttpResult>> HandleAsync([AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        if (!caller.Operator) return new Refusal("operator-needed", "Only the operator of the installation sees what the networks told and nobody could read.").ToProblem(StatusCodes.Status403Forbidden);
        await using var work = await db.BeginSystemAsync(ct);
        var rows = await work.QueryAsync<Row>(
            "select id, network, body, problems, first_seen_at, taken_in_at from unreadable_rows where @after::uuid is null or id < @after::uuid order by id desc limit @take",
            new { after = page.After<Guid>(), take = page.Fetch }, ct);
        return TypedResults.Ok(page.ToPage(rows, row => row.Id).Select(row => new Item(PublicId.Format("row", row.Id), row.Network, row.Body, row.Problems, row.FirstSeenAt, row.TakenInAt)));
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public string Network { get; init; } = "";
        public string Body { get; init; } = "";
        public string Problems { get; init; } = "";
        public DateTimeOffset FirstSeenAt { get; init; }
        public DateTimeOffset? TakenInAt { get; init; }
    }
}
