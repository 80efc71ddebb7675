using Empire.Contracts;
using Empire.Data;
using Empire.Http;

namespace Empire.Content.Budget;

/// <summary>Tells people that a day's budget is used up, once a day for each of them: a row in the account's alerts, and an event.</summary>
public static class HighCosts
{
    public const string OwnBudget = "daily-budget", OthersBudget = "daily-budget-of-others";

    /// <param name="work">Of the account to tell.</param>
    /// <param name="subject">Whose budget it is.</param>
    /// <returns>False when it was told before on that day.</returns>
    public static async Task<bool> TellAsync(Work work, string subject, DailyBudget day, Money limit, Refusal refusal, DateTimeOffset now, CancellationToken ct)
    {
        var told = await work.ExecuteAsync(
            """
            insert into alerts (id, tenant_id, day, severity, subject, message, raised_at) values (@id, current_tenant(), @Day, 'high', @subject, @Detail, @now)
            on conflict (tenant_id, subject, day) do nothing
            """, new { id = Guid.CreateVersion7(now), day.Day, subject, refusal.Detail, now }, ct);
        if (told == 0) return false;
        work.NothingToAudit(); // nobody did anything
        work.Publish(new DailyBudgetUsedUp
        {
            TenantId = work.Tenant.Value, Subject = subject, Day = day.Day, LimitMicros = limit.Micros, SpentMicros = day.SpentMicros, Currency = limit.Currency.Code, OccurredAt = now,
        });
        return true;
    }
}

/// <summary>What a person must look at, newest first.</summary>
public static class ListAlerts
{
    /// <param name="Severity">high, medium or low.</param>
    /// <param name="Subject">daily-budget; for whoever runs the installation also daily-budget-of-others, what all other accounts may spend together.</param>
    /// <example>{"id": "alert_0199f3a17c5b7d3e8a4b5c6d7e8f9071", "day": "2026-03-02", "severity": "high", "subject": "daily-budget",
    /// "message": "The day's budget of USD 14 does not cover a call of up to USD 0.13. It opens again on 2026-03-03 at 00:00 UTC.", "raised_at": "2026-03-02T06:40:00+00:00"}</example>
    public sealed record Item(string Id, DateOnly Day, string Severity, string Subject, string Message, DateTimeOffset RaisedAt);

    public static async Task<Page<Item>> HandleAsync([AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Row>(
            """
            select id, day, severity, subject, message, raised_at from alerts
            where tenant_id = current_tenant() and (@after::uuid is null or id < @after::uuid) order by id desc limit @take
            """, new { after = page.After<Guid>(), take = page.Fetch }, ct);
        return page.ToPage(rows, row => row.Id).Select(row => new Item(PublicId.Format("alert", row.Id), row.Day, row.Severity, row.Subject, row.Message, row.RaisedAt));
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public DateOnly Day { get; init; }
        public string Severity { get; init; } = "";
        public string Subject { get; init; } = "";
        public string Message { get; init; } = "";
        public DateTimeOffset RaisedAt { get; init; }
    }
}
