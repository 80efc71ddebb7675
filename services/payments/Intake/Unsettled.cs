using System.Runtime.CompilerServices;
using System.Text.Json;
using Empire.Data;
using Empire.Http;
using Microsoft.Extensions.Options;

namespace Empire.Payments.Intake;

/// <summary>What is to be asked for.</summary>
internal interface IUnsettled
{
    /// <summary>Ours.</summary>
    Guid Id { get; }

    /// <summary>When it was asked for the time before; null: never.</summary>
    DateTimeOffset? AskedBefore { get; }
}

/// <summary>A payment that may still change, and under which references its provider knows it.</summary>
internal sealed record UnsettledPayment : IUnsettled
{
    public Guid Id { get; init; }
    public DateTimeOffset? AskedBefore { get; init; }
    public string? ProviderRef { get; init; }
    public string[] FurtherRefs { get; init; } = [];

    /// <summary>How often the provider was asked for a page or an address, at least 1: so many there may be.</summary>
    public int Attempts { get; init; }
}

/// <summary>A refund that its provider has not finished.</summary>
/// <param name="ProviderRef">Its id with them.</param>
/// <param name="Payment">Their reference of what it gives back.</param>
internal sealed record UnsettledRefund(Guid Id, string ProviderRef, string Payment, string Currency, DateTimeOffset? AskedBefore) : IUnsettled;

/// <summary>What a provider is to be asked for one by one, because its lists do not tell of it. A turn takes the longest overdue and no more than <see cref="IntakeOptions.AskPerTurn"/> of each kind; a payment is asked for
/// more seldom the older it is: after a sixth of its age, at least a minute and at most six hours.</summary>
/// <remarks>Noted before they are asked: one whose answer fails each time does not keep the others waiting.</remarks>
public sealed partial class Unsettled(Database db, IOptions<IntakeOptions> options, ILogger<Unsettled> log)
{
    /// <summary>After so many answers one after the other that are none the provider is taken to be away.</summary>
    private const int MostFailures = 3;

    /// <summary>Providers tell of nothing older.</summary>
    private const string Oldest = "interval '30 days'";

    private const string PaymentDue = "coalesce(p.asked_at + least(greatest((@Now - p.created_at) / 6, interval '1 minute'), interval '6 hours'), p.created_at)";
    private const string RefundDue = "coalesce(r.asked_at + least(greatest((@Now - r.created_at) / 6, interval '1 minute'), interval '6 hours'), r.created_at)";

    /// <param name="statuses">Those in which a payment may still change.</param>
    /// <param name="asks">The kind of effect that asks for a page or an address.</param>
    /// <param name="ask">What the provider says of one.</param>
    internal async IAsyncEnumerable<ProviderEvent> PaymentsAsync(string provider, string[] statuses, string asks, Func<UnsettledPayment, Task<IReadOnlyList<ProviderEvent>>> ask, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var told in EachAsync(provider, "payments", await DuePaymentsAsync(provider, statuses, asks, ct), ask, ct)) yield return told;
    }

    /// <inheritdoc cref="PaymentsAsync"/>
    internal async IAsyncEnumerable<ProviderEvent> RefundsAsync(string provider, Func<UnsettledRefund, Task<IReadOnlyList<ProviderEvent>>> ask, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var told in EachAsync(provider, "refunds", await DueRefundsAsync(provider, ct), ask, ct)) yield return told;
    }

    /// <returns>Whether a refund of the payment is on its way to the provider, whose answer is not known yet.</returns>
    internal async Task<bool> IsGivingBackAsync(Guid payment, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        return await work.QuerySingleAsync<bool>("select exists (select from refunds where payment_id = @payment and status = 'pending' and provider_ref is null)", new { payment }, ct);
    }

    /// <returns>Whether what is paid in coins was asked to be passed on to a wallet of ours, when the payment was decided: the settings may be others today.</returns>
    internal async Task<bool> GoesToOurWalletAsync(Guid payment, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        return await work.QuerySingleAsync<bool>("select exists (select from kernel.effects where kind = @Kind and key = @key and jsonb_typeof(intent -> 'payout') = 'object')", new { Upgrades.AskForCoins.Kind, key = PublicId.Format("tx", payment) }, ct);
    }

    /// <summary>Asks one after the other. An answer that is none is that one's alone; where the provider is away, or nobody listens any more, those that were not reached are due as before.</summary>
    /// <param name="table">payments or refunds.</param>
    private async IAsyncEnumerable<ProviderEvent> EachAsync<TDue>(string provider, string table, IReadOnlyList<TDue> due, Func<TDue, Task<IReadOnlyList<ProviderEvent>>> ask, [EnumeratorCancellation] CancellationToken ct)
        where TDue : IUnsettled
    {
        var (asked, failed) = (0, 0);
        try
        {
            while (asked < due.Count && failed < MostFailures)
            {
                ct.ThrowIfCancellationRequested();
                IReadOnlyList<ProviderEvent> told = [];
                try
                {
                    told = await ask(due[asked]);
                    failed = 0;
                }
                catch (Exception e) when (e is ProviderException or JsonException or FormatException or ArgumentException or OverflowException)
                {
                    failed++;
                    LogUnanswered(log, provider, table, due[asked].Id, e.Message);
                }
                asked++;
                foreach (var one in told) yield return one;
            }
        }
        finally
        {
            if (asked < due.Count) await StillDueAsync(table, [.. due.Skip(asked)]);
        }
    }

    private async Task StillDueAsync<TDue>(string table, IReadOnlyList<TDue> unreached) where TDue : IUnsettled
    {
        await using var work = await db.BeginSystemAsync(CancellationToken.None); // also where the service is being stopped
        work.NothingToAudit();
        await work.ExecuteAsync(
            $"update {table} t set asked_at = u.before from unnest(@ids, @befores) as u (id, before) where t.id = u.id",
            new { ids = unreached.Select(one => one.Id).ToArray(), befores = unreached.Select(one => one.AskedBefore?.UtcDateTime).ToArray() }, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private async Task<IReadOnlyList<UnsettledPayment>> DuePaymentsAsync(string provider, string[] statuses, string asks, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        work.NothingToAudit();
        var due = await work.QueryAsync<UnsettledPayment>(
            $"""
            with due as (
              select p.id, p.asked_at as asked_before from payments p
              where p.provider = @provider and p.created_at >= @Now - {Oldest} and p.status = any (@statuses) and p.failure_code is distinct from @RefusedByProvider and {PaymentDue} <= @Now
              order by {PaymentDue} limit @AskPerTurn for no key update skip locked)
            update payments p set asked_at = @Now from due where p.id = due.id
            returning p.id, due.asked_before, p.provider_ref, p.further_refs,
              greatest(1, (select e.attempts from kernel.effects e where e.tenant_id = p.tenant_id and e.kind = @asks and e.key = 'tx_' || replace(p.id::text, '-', '')))::int as attempts
            """, new { provider, statuses, asks, Charges.Payment.RefusedByProvider, options.Value.AskPerTurn, work.Now }, ct);
        await work.CommitAsync(ct);
        return due;
    }

    private async Task<IReadOnlyList<UnsettledRefund>> DueRefundsAsync(string provider, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        work.NothingToAudit();
        var due = await work.QueryAsync<UnsettledRefund>(
            $"""
            with due as (
              select r.id, r.asked_at as asked_before from refunds r where r.provider = @provider and r.status = 'pending' and r.provider_ref is not null and r.created_at >= @Now - {Oldest} and {RefundDue} <= @Now
              order by {RefundDue} limit @AskPerTurn for no key update skip locked)
            update refunds r set asked_at = @Now from due, payments p where r.id = due.id and p.id = r.payment_id
            returning r.id, r.provider_ref, coalesce(p.provider_ref, p.charge_ref) as payment, r.currency::text as currency, due.asked_before
            """, new { provider, options.Value.AskPerTurn, work.Now }, ct);
        await work.CommitAsync(ct);
        return due;
    }

    [LoggerMessage(1, LogLevel.Warning, "{Provider} gave no answer about one of the {Table}, {Id}; it is asked again later: {Reason}")]
    private static partial void LogUnanswered(ILogger log, string provider, string table, Guid id, string reason);
}
