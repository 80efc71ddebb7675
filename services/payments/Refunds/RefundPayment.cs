using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Effects;
using Empire.Http;
using Empire.Payments.Charges;
using Empire.Payments.Stripe;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Payments.Refunds;

/// <summary>Gives part or all of a payment back. The payment is locked while it is decided, so two refunds at once never give back more than was paid.</summary>
public static class RefundPayment
{
    /// <example>{"amount": 12.50, "reason": "requested_by_customer"}</example>
    /// <param name="Amount">In the payment's currency; left out: all that is left.</param>
    /// <param name="Reason">duplicate, fraudulent or requested_by_customer.</param>
    public sealed record Request([Range(0.0, 1e9, MinimumIsExclusive = true)] decimal? Amount = null, [OneOf("duplicate", "fraudulent", "requested_by_customer")] string Reason = "requested_by_customer");

    /// <param name="Status">pending, succeeded or failed.</param>
    /// <param name="Refundable">What may still be given back afterwards.</param>
    /// <example>{"refund_id": "ref_0199f3a17c5b7d3e8a4b5c6d7e8f9022", "payment_id": "pay_0199f3a17c5b7d3e8a4b5c6d7e8f9021", "amount": 12.5, "currency": "USD", "status": "succeeded", "refundable": 26.5, "failure": null}</example>
    public sealed record Response(string RefundId, string PaymentId, decimal Amount, string Currency, string Status, decimal Refundable, string? Failure);

    public static async Task<Results<Created<Response>, Accepted<Response>, NotFound, ProblemHttpResult>> HandleAsync(
        string id, Request request, Caller caller, Database db, [FromKeyedServices(StripeSetup.Provider)] StripeOptions stripe, TimeProvider clock, CancellationToken ct, [FromHeader(Name = "Idempotency-Key")] string? requestKey = null)
    {
        if (!GetPayment.TryParse(id, out var paymentId)) return TypedResults.NotFound();
        var refundId = Guid.CreateVersion7(clock.GetUtcNow());
        await using (var work = await db.BeginAsync(caller.Tenant, ct))
        {
            if (await PaymentTable.LockAsync(work, paymentId, ct) is not { } payment) return TypedResults.NotFound();
            if (requestKey is not null && await work.QuerySingleOrDefaultAsync<Guid?>("select id from refunds where tenant_id = current_tenant() and request_key = @requestKey", new { requestKey }, ct) is { } known) refundId = known;
            else
            {
                if (payment.Provider == NowPayments.NowPaymentsFacts.Provider) return new Refusal("refund-not-possible", "Payments in coins are given back by hand: coins cannot be recalled.").ToProblem();
                if (payment.Provider == StripeFacts.Provider && stripe.Off) return ProviderOff.Refusal(StripeSetup.Provider).ToProblem(StatusCodes.Status501NotImplemented);
                if (!payment.Succeeded) return new Refusal("payment-not-captured", $"A payment that is {payment.Status} has nothing to give back.").ToProblem();
                if (await RefundTable.WithdrawnByAsync(work, payment, ct) is { } dispute)
                    return new Refusal("payment-disputed", dispute == "lost" ? "The payer's bank has given the money back already: the dispute is lost." : "The payer's bank holds the money until the dispute is decided; win it, or let the payer have it there.").ToProblem();
                var left = await RefundTable.RefundableAsync(work, payment, ct);
                var amount = request.Amount is { } wanted ? CreatePayment.AmountOf(wanted, payment.Currency.Code) : left;
                if (amount.Micros == 0 || amount > left) return new Refusal("refund-too-large", $"Only {left} is left to give back.").ToProblem();
                var units = 0L;
                if (payment.Provider == StripeFacts.Provider && !StripeMoney.TryTo(amount, out units)) throw new InvalidFieldException("amount", $"{amount} is left, and Stripe cannot give back just that: name a rounder amount.");
                await RefundTable.AddAsync(work, refundId, payment, amount, request.Reason, ct);
                if (requestKey is not null) await work.ExecuteAsync("update refunds set request_key = @requestKey where tenant_id = current_tenant() and id = @refundId", new { requestKey, refundId }, ct);
                await work.PlanAsync(new EffectPlan<SendRefund>(SendRefund.KeyOf(refundId), new(refundId, paymentId, payment.Provider, payment.ProviderRef!, payment.ChargeRef, units, amount.Amount, amount.Currency.Code, request.Reason, payment.SellerId is not null)), ct);
                work.Audit("payment.refunded", "payment", id, new { amount = amount.Amount, currency = amount.Currency.Code });
                await work.CommitAsync(ct);
            }
        }
        await Awaited.SettledAsync(db, caller.Tenant, SendRefund.Kind, SendRefund.KeyOf(refundId), ct);
        await using var read = await db.BeginAsync(caller.Tenant, ct);
        var of = (await PaymentTable.FindAsync(read, paymentId, ct))!;
        var row = await read.QuerySingleAsync<(long Micros, string Status, string? Failure)>("select amount_micros, status, failure from refunds where tenant_id = current_tenant() and id = @refundId", new { refundId }, ct);
        var response = new Response(PublicId.Format("ref", refundId), id, new Money(row.Micros, of.Currency).Amount, of.Currency.Code, row.Status, (await RefundTable.RefundableAsync(read, of, ct)).Amount, row.Failure);
        return row.Status switch
        {
            "failed" => new Refusal("refund-failed", row.Failure ?? "The provider refused the refund.").ToProblem(StatusCodes.Status402PaymentRequired),
            "pending" => TypedResults.Accepted($"/api/v1/revenue/payments/{id}", response),
            _ => TypedResults.Created($"/api/v1/revenue/payments/{id}", response),
        };
    }
}
