using Empire.Data;

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
