using Empire.Data;
using Empire.Http;

namespace Empire.Payments.Disputes;

/// <summary>What a person should look at.</summary>
internal static class Alerts
{
    /// <summary>Once for each subject.</summary>
    /// <param name="severity">high, medium or low.</param>
    public static Task RaiseAsync(Work work, string severity, string subject, string message, CancellationToken ct) => work.ExecuteAsync(
        """
        insert into alerts (id, tenant_id, severity, subject, message, raised_at) values (@id, @Tenant, @severity, @subject, @message, @Now) on conflict (tenant_id, subject) do nothing
        """, new { id = Guid.CreateVersion7(work.Now), work.Tenant, severity, subject, message, work.Now }, ct);
}

/// <summary><c>GET /api/v1/revenue/alerts</c>: the alerts of the caller's account, the newest first.</summary>
public static class ListAlerts
{
    /// <param name="Severity">high, medium or low.</param>
    /// <param name="Subject">What it is about, as <c>dispute:dp_…</c> at the provider; one alert for each.</param>
    /// <example>{"severity": "high", "subject": "dispute:du_1Q7f3aK2cXw9", "message": "A payer disputes 39.00 USD (product_not_received). Evidence is due by 2026-03-20 23:59 UTC.", "raised_at": "2026-03-09T14:12:03+00:00"}</example>
    public sealed record View(string Severity, string Subject, string Message, DateTimeOffset RaisedAt);

    /// <param name="severity">Null is all.</param>
    internal static async Task<Page<View>> HandleAsync(string? severity, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        if (severity is not (null or "high" or "medium" or "low")) throw new InvalidFieldException("severity", "wanted: high, medium or low.");
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Row>(
            """
            select id, severity, subject, message, raised_at from alerts where tenant_id = current_tenant() and (@severity::text is null or severity = @severity)
              and (@at::timestamptz is null or (raised_at, id) < (@at, @after)) order by raised_at desc, id desc limit @Fetch
            """, new { severity, at = after?.At, after = after?.Id, page.Fetch }, ct);
        return page.ToPage(rows, row => (row.RaisedAt, row.Id)).Select(row => new View(row.Severity, row.Subject, row.Message, row.RaisedAt));
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public string Severity { get; init; } = "";
        public string Subject { get; init; } = "";
        public string Message { get; init; } = "";
        public DateTimeOffset RaisedAt { get; init; }
    }
}
