using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Effects;
using Empire.Http;
using Empire.Payments.Connect;
using Empire.Payments.Coupons;
using Empire.Payments.Customers;
using Empire.Payments.Stripe;
using Empire.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Payments.Charges;

/// <summary>Charges a customer once, by card. The decision commits with its effect; the answer waits for what Stripe says.</summary>
public static class CreatePayment
{
    /// <example>{"customer_id": "cust_0199f3a17c5b7d3e8a4b5c6d7e8f9012", "amount": 39.00, "currency": "USD", "description": "Coffee course"}</example>
    /// <param name="CustomerId">cust_….</param>
    /// <param name="Amount">In units of the currency, with no more decimals than it has: 97.00.</param>
    /// <param name="Currency">ISO 4217; left out: USD.</param>
    /// <param name="PaymentMethod">Stripe's token, as pm_…; left out: the customer's default, and where there is none the payer's browser confirms with the client secret. Never a card number.</param>
    /// <param name="ReturnUrl">Where the payer's browser goes after 3-D Secure.</param>
    /// <param name="SellerId">seller_…: who sells; the rest after the platform's fee goes to them.</param>
    /// <param name="PieceId">Of the content that led to the sale.</param>
    /// <param name="Coupon">The word of a coupon; it is taken off <paramref name="Amount"/>.</param>
    public sealed record Request(
        [Required] string CustomerId, [Range(0.0, 1e9, MinimumIsExclusive = true)] decimal Amount, string Currency = "USD", [StringLength(1000)] string? Description = null,
        [StringLength(100), RegularExpression("^pm_[A-Za-z0-9_]+$")] string? PaymentMethod = null, [WebAddress, StringLength(2000)] string? ReturnUrl = null, string? SellerId = null, Guid? PieceId = null, Guid? ProductId = null, Guid? PublicationId = null,
        [StringLength(40)] string? Coupon = null);

    public static async Task<Results<Created<PaymentView>, Accepted<PaymentView>, NotFound, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, Database db, Sealer sealer, [FromKeyedServices(StripeSetup.Provider)] StripeOptions stripe, IConfiguration configuration, TimeProvider clock, CancellationToken ct,
        [FromHeader(Name = "Idempotency-Key")] string? requestKey = null)
    {
        var amount = AmountOf(request.Amount, request.Currency);
        if (!PublicId.TryParse(Customer.Prefix, request.CustomerId, out var customerId)) throw new InvalidFieldException("customer_id", "wanted: cust_….");
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await using (var work = await db.BeginAsync(caller.Tenant, ct))
        {
            if (requestKey is not null && await work.QuerySingleOrDefaultAsync<Guid?>("select id from payments where tenant_id = current_tenant() and request_key = @requestKey", new { requestKey }, ct) is { } known) id = known;
            else
            {
                if (await CustomerTable.FindAsync(work, customerId, ct) is not { } customer) return TypedResults.NotFound();
                if (customer.StripeId is null && customer.StripeProblem is { } problem) return new Refusal("customer-not-at-stripe", $"Stripe does not have this customer: {problem}").ToProblem();
                Seller? seller = null;
                if (request.SellerId is not null)
                {
                    if (!PublicId.TryParse(Seller.Prefix, request.SellerId, out var sellerId) || (seller = await SellerTable.FindAsync(work, sellerId, ct)) is null) throw new InvalidFieldException("seller_id", "is no seller of this account.");
                    if (!seller.ChargesEnabled) return new Refusal("seller-not-ready", "The seller's account cannot take money yet: their on-boarding is not finished.").ToProblem();
                }
                var coupon = request.Coupon is null ? null : await Redemptions.TakeAsync(work, request.Coupon, customer.Id, amount, id, "payment", stripe.Test, ct);
                var off = coupon?.Off(amount) ?? Money.Zero(amount.Currency);
                amount -= off;
                var fee = seller?.FeeOf(amount) ?? Money.Zero(amount.Currency);
                var (units, feeUnits) = (StripeMoney.To(amount), StripeMoney.To(fee));
                var payment = new Payment
                {
                    Id = id, Provider = StripeFacts.Provider, Purpose = "sale", CustomerId = customer.Id, AmountMicros = amount.Micros, Currency = amount.Currency, Description = request.Description ?? "Payment", PaymentMethod = request.PaymentMethod,
                    SellerId = seller?.Id, PlatformFeeMicros = fee.Micros, PieceId = request.PieceId, ProductId = request.ProductId, PublicationId = request.PublicationId, CouponId = coupon?.Id,
                    DiscountMicros = off.Micros, Test = stripe.Test, CreatedAt = now,
                };
                await PaymentTable.AddAsync(work, payment, ct);
                if (requestKey is not null) await work.ExecuteAsync("update payments set request_key = @requestKey where tenant_id = current_tenant() and id = @id", new { requestKey, id }, ct);
                if (amount.Micros == 0)
                {
                    payment.Settle(now);
                    await PaymentTable.SaveAsync(work, payment, ct);
                    await PaymentFacts.PaidAsync(work, payment, now, ct);
                }
                else await work.PlanAsync(new EffectPlan<ChargeCard>(ChargeCard.KeyOf(id), new(id, customer.Id, units, amount.Currency.Code, payment.Description, request.PaymentMethod, request.ReturnUrl ?? ReturnUrl(configuration), seller?.ProviderRef, feeUnits)), ct);
                work.Audit("payment.decided", "payment", PublicId.Format(PaymentView.Prefix, id), new { amount = amount.Amount, discount = off.Amount, currency = amount.Currency.Code });
                await work.CommitAsync(ct);
            }
        }
        await Awaited.SettledAsync(db, caller.Tenant, ChargeCard.Kind, ChargeCard.KeyOf(id), ct);
        return Answer((await GetPayment.ReadAsync(db, caller.Tenant, id, sealer, ct))!);
    }

    /// <summary>201 where it is paid or the payer's turn; 202 while nobody knows; 402 where it failed, with the payment's id, for it may be tried again.</summary>
    internal static Results<Created<PaymentView>, Accepted<PaymentView>, NotFound, ProblemHttpResult> Answer(PaymentView payment)
    {
        var at = $"/api/v1/revenue/payments/{payment.PaymentId}";
        return payment.Status switch
        {
            "failed" or "canceled" or "expired" => Failed(payment),
            "pending" or "processing" => TypedResults.Accepted(at, payment),
            _ => TypedResults.Created(at, payment),
        };
    }

    internal static ProblemHttpResult Failed(PaymentView payment) => TypedResults.Problem(
        payment.FailureDetail ?? "The payment failed.", statusCode: StatusCodes.Status402PaymentRequired, type: "urn:empire:payment-failed", title: "Payment failed",
        extensions: new Dictionary<string, object?> { ["payment_id"] = payment.PaymentId, ["decline_code"] = payment.FailureCode });

    /// <exception cref="InvalidFieldException">No currency, or more decimals than it has.</exception>
    internal static Money AmountOf(decimal amount, string currency)
    {
        if (!Empire.Currency.TryParse(currency, out var known)) throw new InvalidFieldException("currency", "wanted: an ISO 4217 code, as USD.");
        if (amount <= 0) throw new InvalidFieldException("amount", "wanted: more than zero.");
        Money money;
        try { money = Money.Of(amount, known); }
        catch (ArgumentException) { throw new InvalidFieldException("amount", $"has more decimals than {known} has."); }
        return money.TryToMinor(out _) && StripeMoney.TryTo(money, out _) ? money : throw new InvalidFieldException("amount", $"has more decimals than {known} has.");
    }

    internal static string ReturnUrl(IConfiguration configuration) => $"{configuration["Empire:PublicUrl"]?.TrimEnd('/') ?? "http://localhost:8080"}/payment/return";
}
