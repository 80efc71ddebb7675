using Empire.Data;
using Microsoft.Extensions.Options;

namespace Empire.Payments.Intake;

/// <summary>A payment that may still change, and under which references its provider knows it.</summary>
internal sealed record UnsettledPayment
{
    /// <summary>Ours.</summary>
    public Guid Id { get; init; }
    public string? ProviderRef { get; init; }
    public string[] FurtherRefs { get; init; } = [];

    /// <summary>How often the provider was asked for a page or an address, at least 1: so many there may be.</summary>
    public int Attempts { get; init; }
}

/// <summary>A refund that its provider has not finished.</summary>
/// <param name="ProviderRef">Its id with them.</param>
/// <param name="Payment">Their reference of what it gives back.</param>
internal sealed record UnsettledRefund(Guid Id, string ProviderRef, string Payment, string Currency);

/// <summary>What a provider is to be asked for one by one, because its lists do not tell of it. A turn takes the longest overdue and no more than <see cref="IntakeOptions.AskPerTurn"/> of each kind; a payment is asked for
/// more seldom the older it is: after a sixth of its age, at least a minute and at most six hours.</summary>
/// <remarks>Noted before they are asked: one whose answer fails each time does not keep the others waiting.</remarks>
public sealed class Unsettled(Database db, IOptions<IntakeOptions> options)
{
    /// <summary>Providers tell of nothing older.</summary>
    private const string Oldest = "interval '30 days'";

    private const string PaymentDue = "coalesce(p.asked_at + least(greatest((@Now - p.created_at) / 6, interval '1 minute'), interval '6 hours'), p.created_at)";
    private const string RefundDue = "coalesce(r.asked_at + least(greatest((@Now - r.created_at) / 6, interval '1 minute'), interval '6 hours'), r.created_at)";

    /// <param name="statuses">Those in which a payment may still change.</param>
    /// <param name="asks">The kind of effect that asks for a page or an address.</param>
    internal async Task<IReadOnlyList<UnsettledPayment>> PaymentsAsync(string provider, string[] statuses, string asks, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        work.NothingToAudit();
        var due = await work.QueryAsync<UnsettledPayment>(
            $"""
            with due as (
              select p.id from payments p
              where p.provider = @provider and p.created_at >= @Now - {Oldest} and p.status = any (@statuses) and p.failure_code is distinct from @RefusedByProvider and {PaymentDue} <= @Now
              order by {PaymentDue} limit @AskPerTurn for no key update skip locked)
            update payments p set asked_at = @Now from due where p.id = due.id
            returning p.id, p.provider_ref, p.further_refs,
              greatest(1, (select e.attempts from kernel.effects e where e.tenant_id = p.tenant_id and e.kind = @asks and e.key = 'tx_' || replace(p.id::text, '-', '')))::int as attempts
            """, new { provider, statuses, asks, Charges.Payment.RefusedByProvider, options.Value.AskPerTurn, work.Now }, ct);
        await work.CommitAsync(ct);
        return due;
    }

    internal async Task<IReadOnlyList<UnsettledRefund>> RefundsAsync(string provider, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        work.NothingToAudit();
        var due = await work.QueryAsync<UnsettledRefund>(
            $"""
            with due as (
              select r.id from refunds r where r.provider = @provider and r.status = 'pending' and r.provider_ref is not null and r.created_at >= @Now - {Oldest} and {RefundDue} <= @Now
              order by {RefundDue} limit @AskPerTurn for no key update skip locked)
            update refunds r set asked_at = @Now from due, payments p where r.id = due.id and p.id = r.payment_id
            returning r.id, r.provider_ref, coalesce(p.provider_ref, p.charge_ref) as payment, r.currency::text as currency
            """, new { provider, options.Value.AskPerTurn, work.Now }, ct);
        await work.CommitAsync(ct);
        return due;
    }
}
