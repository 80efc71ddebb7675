using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Empire.Data;
using Empire.Effects;
using Empire.Http;
using Empire.Payments.Charges;
using Empire.Payments.Stripe;
using Microsoft.AspNetCore.Http.HttpResults;
using StripeNet = global::Stripe;

namespace Empire.Payments.Disputes;

/// <summary>Disputes: what they are about, what speaks for us, and the way to say so.</summary>
public static class DisputeEndpoints
{
    public static void AddDisputes(this IServiceCollection services) => services.AddEffect<SendEvidenceHandler, SendEvidence>(SendEvidence.Kind, whenClosed: true).AddEffect<TakeBackShareHandler, TakeBackShare>(TakeBackShare.Kind, whenClosed: true);

    public static void MapDisputes(this IEndpointRouteBuilder app)
    {
        var disputes = app.MapGroup("/api/v1/revenue/disputes").WithTags("Disputes");
        disputes.MapGet("", ListAsync).WithName("ListDisputes");
        disputes.MapGet("/{id}", GetAsync).WithName("GetDispute");
        disputes.MapGet("/{id}/evidence", CollectAsync).WithName("CollectDisputeEvidence");
        disputes.MapPost("/{id}/evidence", SubmitAsync).WithName("SubmitDisputeEvidence").NeedsProvider(StripeSetup.Provider).ForRoles("owner", "admin", "service").WithIdempotencyKey();
        app.MapGet("/api/v1/revenue/alerts", ListAlerts.HandleAsync).WithTags("Disputes").WithName("ListPaymentAlerts");
    }

    /// <param name="Status">As Stripe names it: needs_response, under_review, won, lost, or a warning.</param>
    /// <example>{"dispute_id": "dp_0199f3a17c5b7d3e8a4b5c6d7e8f9025", "payment_id": "pay_0199f3a17c5b7d3e8a4b5c6d7e8f9021", "amount": 39, "currency": "USD",
    /// "reason": "product_not_received", "status": "under_review", "due_by": "2026-03-20T23:59:59+00:00", "submitted_at": "2026-03-10T09:30:00+00:00",
    /// "opened_at": "2026-03-09T14:12:00+00:00", "closed_at": null}</example>
    public sealed record View(string DisputeId, string PaymentId, decimal Amount, string Currency, string Reason, string Status, DateTimeOffset? DueBy, DateTimeOffset? SubmittedAt, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt);

    /// <summary>The disputes of the caller's account, the newest first.</summary>
    private static async Task<Page<View>> ListAsync(string? status, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Row>(
            """
            select * from disputes where tenant_id = current_tenant() and (@status::text is null or status = @status) and (@at::timestamptz is null or (opened_at, id) < (@at, @id)) order by opened_at desc, id desc limit @Fetch
            """, new { status, at = after?.At, id = after?.Id, page.Fetch }, ct);
        return page.ToPage(rows, row => (row.OpenedAt, row.Id)).Select(row => row.ToView());
    }

    /// <summary>One dispute.</summary>
    private static async Task<Results<Ok<View>, NotFound>> GetAsync(string id, Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return await FindAsync(work, id, ct) is { } row ? TypedResults.Ok(row.ToView()) : TypedResults.NotFound();
    }

    /// <summary>What this system knows that speaks for the payment, ready to be submitted.</summary>
    private static async Task<Results<Ok<Evidence>, NotFound>> CollectAsync(string id, Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return await FindAsync(work, id, ct) is { } row ? TypedResults.Ok(await Evidence.CollectAsync(work, row.PaymentId, ct)) : TypedResults.NotFound();
    }

    /// <example>{"uncategorized_text": "The guide was downloaded on the day of the purchase, twice.", "submit": true}</example>
    /// <param name="UncategorizedText">What a person adds; what the system knows is added by itself.</param>
    /// <param name="Submit">False stages it: it may be changed until it is submitted.</param>
    public sealed record Request([StringLength(20_000)] string? UncategorizedText = null, bool Submit = true);

    /// <summary>Collects what the system knows, adds what a person says, and sends it to the bank. Submitted once, it cannot be taken back.</summary>
    private static async Task<Results<Ok<View>, NotFound, ProblemHttpResult>> SubmitAsync(string id, Request request, Caller caller, Database db, CancellationToken ct)
    {
        string key;
        await using (var work = await db.BeginAsync(caller.Tenant, ct))
        {
            if (await FindAsync(work, id, ct, " for update") is not { } row) return TypedResults.NotFound();
            if (row.Status is not ("needs_response" or "warning_needs_response") || row.SubmittedAt is not null) return new Refusal("evidence-not-taken", $"A dispute that is {row.Status} takes no more evidence.").ToProblem();
            var evidence = await Evidence.CollectAsync(work, row.PaymentId, ct) with { UncategorizedText = request.UncategorizedText };
            var sent = await work.QuerySingleAsync<int>(
                "update disputes set evidence = @json::jsonb, evidence_sent = evidence_sent + 1 where tenant_id = current_tenant() and id = @Id returning evidence_sent", new { json = JsonSerializer.Serialize(evidence, SnakeCaseJson.Options), row.Id }, ct);
            key = $"{id}:{sent}";
            await work.PlanAsync(new EffectPlan<SendEvidence>(key, new(row.Id, row.ProviderRef, evidence, request.Submit)), ct);
            work.Audit("dispute.evidence", "dispute", id, new { request.Submit });
            await work.CommitAsync(ct);
        }
        var became = await Awaited.SettledAsync(db, caller.Tenant, SendEvidence.Kind, key, ct);
        if (became is { State: "rejected" }) return new Refusal("evidence-refused", became.Detail ?? "").ToProblem();
        await using var read = await db.BeginAsync(caller.Tenant, ct);
        return TypedResults.Ok((await FindAsync(read, id, ct))!.ToView());
    }

    private static async Task<Row?> FindAsync(Work work, string id, CancellationToken ct, string lockIt = "") =>
        PublicId.TryParse("dp", id, out var dispute) ? await work.QuerySingleOrDefaultAsync<Row>("select * from disputes where tenant_id = current_tenant() and id = @dispute" + lockIt, new { dispute }, ct) : null;

    internal sealed record Row
    {
        public Guid Id { get; init; }
        public Guid PaymentId { get; init; }
        public string ProviderRef { get; init; } = "";
        public long AmountMicros { get; init; }
        public string Currency { get; init; } = "";
        public string Reason { get; init; } = "";
        public string Status { get; init; } = "";
        public DateTimeOffset? DueBy { get; init; }
        public DateTimeOffset? SubmittedAt { get; init; }
        public DateTimeOffset OpenedAt { get; init; }
        public DateTimeOffset? ClosedAt { get; init; }

        public View ToView() => new(
            PublicId.Format("dp", Id), PublicId.Format(PaymentView.Prefix, PaymentId), (decimal)AmountMicros / Money.MicrosPerUnit, Currency, Reason, Status, DueBy, SubmittedAt, OpenedAt, ClosedAt);
    }
}

/// <summary>What speaks for a payment, in the fields that Stripe takes.</summary>
/// <param name="ServiceDate">When it was delivered, as a day.</param>
/// <param name="AccessActivityLog">What the customer did here, with times: what concerns the payment first, then the newest; at most 20,000 characters.</param>
/// <example>{"customer_email_address": "grace@example.com", "customer_name": "Grace", "product_description": "Coffee course", "service_date": "2026-03-02",
/// "access_activity_log": "2026-03-02 08:00 UTC  paid 39 USD (Coffee course)", "refund_policy_disclosure": null, "uncategorized_text": null}</example>
public sealed record Evidence(string? CustomerEmailAddress, string? CustomerName, string? ProductDescription, string? ServiceDate, string? AccessActivityLog, string? RefundPolicyDisclosure, string? UncategorizedText)
{
    /// <summary>What Stripe takes in one field, in characters.</summary>
    private const int MostText = 20_000;

    /// <summary>From the rows of the payment, its customer, other payments, refunds and what they paid for: what concerns the payment first, then the newest, as much as Stripe takes.</summary>
    internal static async Task<Evidence> CollectAsync(Work work, Guid payment, CancellationToken ct)
    {
        var row = await work.QuerySingleAsync<Known>(
            """
            select c.id, c.email, c.name, p.description, p.captured_at
            from payments p left join customers c on c.id = p.customer_id and c.tenant_id = current_tenant() where p.tenant_id = current_tenant() and p.id = @payment
            """, new { payment }, ct);
        var done = await work.QueryAsync<(string Line, long All)>(
            """
            select to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC  ' || what, count(*) over () from (
              select o.id = @payment as own, o.captured_at as at, format('paid %s %s (%s)', trim_scale(o.amount_micros / 1000000.0), o.currency, o.description) as what
                from payments o where o.tenant_id = current_tenant() and (o.customer_id = @Id or o.id = @payment) and o.status = 'succeeded' and o.captured_at is not null
              union all
              select e.source_id = @payment, e.starts_at, format('%s since, until %s', e.tier, coalesce(to_char(case when e.ends_at < @Waiting then e.ends_at end at time zone 'UTC', 'YYYY-MM-DD'), 'further notice'))
                from entitlements e where e.tenant_id = current_tenant() and e.customer_id = @Id and e.starts_at < @Waiting
              union all
              select true, r.created_at, format('refunded %s %s', trim_scale(r.amount_micros / 1000000.0), r.currency)
                from refunds r where r.tenant_id = current_tenant() and r.payment_id = @payment and r.status = 'succeeded') as done
            order by own desc, at desc limit @MostText
            """, new { row.Id, payment, MostText, Tiers.PaidTime.Waiting }, ct);
        return new(row.Email, row.Name, row.Description, row.CapturedAt?.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), LogOf(done), null, null);
    }

    /// <returns>Null where nothing was done.</returns>
    private static string? LogOf(IReadOnlyList<(string Line, long All)> done)
    {
        var (log, shown) = (new System.Text.StringBuilder(), 0);
        foreach (var (line, all) in done)
        {
            var rest = $"and {all - shown} earlier";
            if (log.Length + line.Length + 1 + rest.Length > MostText) return log.Append(rest).ToString();
            log.Append(line).Append('\n');
            shown++;
        }
        return shown > 0 ? log.ToString(0, log.Length - 1) : null;
    }

    private sealed record Known
    {
        public Guid? Id { get; init; }
        public string? Email { get; init; }
        public string? Name { get; init; }
        public string Description { get; init; } = "";
        public DateTimeOffset? CapturedAt { get; init; }
    }
}

public sealed record SendEvidence(Guid DisputeId, string Reference, Evidence Evidence, bool Submit)
{
    public const string Kind = "payments.stripe-evidence";
}

/// <summary>Sends evidence. It says how the dispute's evidence shall be, so a repeat changes nothing.</summary>
public sealed class SendEvidenceHandler(IHttpClientFactory clients, [FromKeyedServices(StripeSetup.Provider)] StripeOptions options) : EffectHandler<SendEvidence>
{
    public override async Task<EffectOutcome> PerformAsync(EffectAttempt<SendEvidence> attempt, CancellationToken ct)
    {
        var evidence = attempt.Intent.Evidence;
        try
        {
            await new StripeNet.DisputeService(StripeActs.Client(clients, options)).UpdateAsync(attempt.Intent.Reference, new()
            {
                Submit = attempt.Intent.Submit,
                Evidence = new()
                {
                    CustomerEmailAddress = evidence.CustomerEmailAddress, CustomerName = evidence.CustomerName, ProductDescription = evidence.ProductDescription, ServiceDate = evidence.ServiceDate,
                    AccessActivityLog = evidence.AccessActivityLog, RefundPolicyDisclosure = evidence.RefundPolicyDisclosure, UncategorizedText = evidence.UncategorizedText,
                },
            }, StripeActs.Once(attempt.Key), ct);
            return new EffectOutcome.Done(attempt.Intent.Reference);
        }
        catch (StripeNet.StripeException e) when (StripeActs.Outcome(e) is { } outcome)
        {
            return outcome;
        }
    }

    public override Task<EffectOutcome> ProbeAsync(EffectAttempt<SendEvidence> attempt, CancellationToken ct) => PerformAsync(attempt, ct);

    public override Task SettledAsync(EffectSettled<SendEvidence> settled, Work work, CancellationToken ct) => settled is { Succeeded: true, Intent.Submit: true }
        ? work.ExecuteAsync("update disputes set submitted_at = @At where tenant_id = current_tenant() and id = @DisputeId", new { settled.At, settled.Intent.DisputeId }, ct)
        : Task.CompletedTask;
}
