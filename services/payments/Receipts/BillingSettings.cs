using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;

namespace Empire.Payments.Receipts;

/// <summary>Who an account's bills are from, and what its customers may be mailed.</summary>
/// <param name="Name">As on a bill; null leaves it out.</param>
/// <param name="Address">With line breaks.</param>
/// <param name="TaxId">As its country writes it, as DE123456789.</param>
/// <param name="Email">Where payers turn to.</param>
/// <param name="RemindCustomers">Whether a customer whose renewal could not be collected gets a mail.</param>
/// <example>{"name": "Harbour Roasters Ltd", "address": "1 Quay Street\nGalway\nIreland", "tax_id": "IE1234567WA", "email": "billing@harbour.example", "remind_customers": true}</example>
public sealed record BillingSettings(
    [StringLength(200)] string? Name = null, [StringLength(500)] string? Address = null, [StringLength(60)] string? TaxId = null, [EmailAddress, StringLength(254)] string? Email = null, bool RemindCustomers = true)
{
    /// <returns>The defaults where the account has said nothing.</returns>
    internal static async Task<BillingSettings> OfAsync(Work work, CancellationToken ct) => await work.QuerySingleOrDefaultAsync<(string?, string?, string?, string?, bool)?>(
        "select name, address, tax_id, email, remind_customers from billing_settings where tenant_id = current_tenant()", ct: ct) is var (name, address, tax, email, remind) ? new(name, address, tax, email, remind) : new();

    /// <summary><c>GET /api/v1/revenue/billing</c>: who bills are from, and what customers may be mailed.</summary>
    internal static async Task<BillingSettings> ShowAsync(Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return await OfAsync(work, ct);
    }

    /// <summary><c>PUT /api/v1/revenue/billing</c>: says both anew; what is left out is not on the bills.</summary>
    internal static async Task<BillingSettings> SetAsync(BillingSettings request, Caller caller, Database db, CancellationToken ct)
    {
        var settings = request with { Name = Line("name", request.Name), TaxId = Line("tax_id", request.TaxId), Address = Text("address", request.Address), Email = Line("email", request.Email) };
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        await work.ExecuteAsync(
            """
            insert into billing_settings (tenant_id, name, address, tax_id, email, remind_customers, updated_at) values (@Tenant, @Name, @Address, @TaxId, @Email, @RemindCustomers, @Now)
            on conflict (tenant_id) do update set name = excluded.name, address = excluded.address, tax_id = excluded.tax_id, email = excluded.email, remind_customers = excluded.remind_customers, updated_at = excluded.updated_at
            """, new { work.Tenant, settings.Name, settings.Address, settings.TaxId, settings.Email, settings.RemindCustomers, work.Now }, ct);
        work.Audit("billing.changed", "billing", caller.Tenant.ToString(), new { settings.RemindCustomers });
        await work.CommitAsync(ct);
        return settings;
    }

    private static string? Line(string field, string? text) => Text(field, text) is not { } line ? null : line.Contains('\n', StringComparison.Ordinal) ? throw new InvalidFieldException(field, "wanted: one line.") : line;

    private static string? Text(string field, string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var lines = text.ReplaceLineEndings("\n").Trim();
        return lines.Any(c => char.IsControl(c) && c != '\n') ? throw new InvalidFieldException(field, "wanted: text without control characters.") : lines;
    }
}
