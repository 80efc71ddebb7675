using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Effects;
using Empire.Http;
using Empire.Payments.Charges;
using Empire.Payments.Coupons;
using Empire.Payments.Customers;
using Empire.Payments.Flutterwave;
using Empire.Payments.NowPayments;
using Empire.Payments.Referrals;
using Empire.Payments.Stripe;
using Empire.Payments.Tiers;
using Empire.Privacy;
using Empire.Security;
using Empire.Tiers;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Empire.Payments.Upgrades;

/// <summary>Sells a month of a tier to an account. The price is the price book's; the tier rises when the money is there.</summary>
public static class UpgradeAccount
{
    /// <example>{"email": "ada@example.com", "tier": "professional", "payment_method": "flutterwave"}</example>
    /// <param name="Email">Of a person of the account.</param>
    /// <param name="Tier">professional (or pro) or enterprise.</param>
    /// <param name="PaymentMethod">stripe (or card), flutterwave, or nowpayments (or crypto).</param>
    /// <param name="PayCurrency">For coins: which, as btc (the default), eth, ltc.</param>
    /// <param name="Amount">Ignored: the price book says what it costs.</param>
    /// <param name="Coupon">The word of a coupon. One that runs for several months is taken off by itself after its first use.</param>
    /// <param name="ReferralCode">Of who sent them; before the first payment.</param>
    public sealed record Request(
        [Required, EmailAddress, StringLength(254)] string Email, [Required] string Tier, [Required] string PaymentMethod, [StringLength(20)] string? PayCurrency = null, decimal? Amount = null, [StringLength(40)] string? Coupon = null,
        [StringLength(20)] string? ReferralCode = null);

    /// <param name="Status">success: the payer may pay now.</param>
    /// <param name="PaymentUrl">Where; null for coins without a page, and where nothing is left to pay.</param>
    /// <param name="PaymentId">tx_…; GET /api/upgrade/{payment_id} says what became of it.</param>
    /// <param name="Amount">What is to be paid, less <paramref name="Discount"/> and <paramref name="Credit"/>.</param>
    /// <param name="Credit">What of the account's own credit is taken.</param>
    /// <example>{"status": "success", "payment_url": "https://checkout.flutterwave.com/v3/hosted/pay/3f9a1c07b2d4", "payment_id": "tx_0199f3a17c5b7d3e8a4b5c6d7e8f902b", "amount": 49,
    /// "discount": 0, "credit": 0, "currency": "USD", "pay_address": null, "pay_amount": null, "pay_currency": null}</example>
    public sealed record Response(string Status, string? PaymentUrl, string PaymentId, decimal Amount, decimal Discount, decimal Credit, string Currency, string? PayAddress, decimal? PayAmount, string? PayCurrency);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, Database db, AccountDirectory accounts, Coins coins, IOptions<PriceBook> prices, IServiceProvider services, IConfiguration configuration, Sealer sealer, TimeProvider clock, CancellationToken ct,
        [FromHeader(Name = "Idempotency-Key")] string? requestKey = null)
    {
        if (TierTable.Parse(request.Tier) is not { } tier || prices.Value.Of(tier) is not { } price) throw new InvalidFieldException("tier", "wanted: professional or enterprise.");
        var provider = request.PaymentMethod.Trim().ToLowerInvariant() switch
        {
            "stripe" or "card" => StripeFacts.Provider,
            FlutterwaveFacts.Provider => FlutterwaveFacts.Provider,
            NowPaymentsFacts.Provider or "crypto" => NowPaymentsFacts.Provider,
            _ => throw new InvalidFieldException("payment_method", "wanted: stripe, flutterwave or nowpayments."),
        };
        var stripe = services.GetRequiredKeyedService<StripeOptions>(StripeSetup.Provider);
        if (provider == StripeFacts.Provider && stripe.Off) return ProviderOff.Refusal(StripeSetup.Provider).ToProblem(StatusCodes.Status501NotImplemented);
        var modes = services.GetRequiredService<ProviderModes>();
        if (modes.Live && modes.Tests.GetValueOrDefault(provider))
            return new Refusal("provider-in-test-mode", $"Real money is taken here, and {provider} is in test mode: what is paid there buys nothing. Pay another way.").ToProblem();
        var coin = (request.PayCurrency ?? "btc").ToLowerInvariant();
        if (provider == NowPaymentsFacts.Provider && !await coins.HaveAsync(coin, ct)) throw new InvalidFieldException("pay_currency", $"{coin} is no coin that can be paid in.");
        var now = clock.GetUtcNow();
        if (await accounts.FindAsync(caller, request.Email, ct) is not { } account) return new Refusal("not-found", NoAccount).ToProblem(StatusCodes.Status404NotFound);
        var seller = await accounts.OperatorAsync(caller.Tenant, ct);
        var test = TestOf(provider, services);
        var id = Guid.CreateVersion7(now);
        var publicUrl = (configuration["Empire:PublicUrl"] ?? "http://localhost:8080").TrimEnd('/');
        var kind = provider switch { FlutterwaveFacts.Provider => OpenCheckout.Kind, NowPaymentsFacts.Provider => AskForCoins.Kind, _ => OpenStripeCheckout.Kind };
        // Each buyer's keys are their own, though all payments here are the operator's.
        var ownKey = requestKey is null ? null : $"{caller.Tenant}:{requestKey}";
        await using (var work = await db.BeginSystemAsync(ct))
        {
            // An erasure of the payer waits for what is planned here, or is seen here.
            await work.ActForAsync(new(Guid.Parse(account.TenantId)), ct);
            if (await ErasedAddresses.HoldsAsync(work, request.Email, now, ct)) return new Refusal("not-found", NoAccount).ToProblem(StatusCodes.Status404NotFound);
            await work.ActForAsync(seller, ct);
            if (ownKey is not null && await work.QuerySingleOrDefaultAsync<Guid?>("select id from payments where tenant_id = current_tenant() and request_key = @ownKey", new { ownKey }, ct) is { } known) id = known;
            else
            {
                var customer = await CustomerOfAsync(work, Guid.Parse(account.TenantId), request.Email, account.Name, stripe.Test, ct);
                await ErasedAddresses.KeepAsync(work, customer.Email, ct); // of whoever began to pay for the account; before the row, which an erasure waits for
                await Credit.LockAsync(work, customer.Id, ct); // before any coupon: of two at once none holds what the other waits for
                customer = (await CustomerTable.FindAsync(work, customer.Id, ct))!; // an erasure that was waited for has taken the address
                if (customer.Erased)
                {
                    customer = (await CustomerTable.TakeOverAsync(work, Guid.Parse(account.TenantId), request.Email, account.Name, null, ct))!;
                    if (customer.HasForgottenCards) await MirrorCustomer.AgainAsync(work, customer, null, ct);
                }
                if (await EntitlementTable.RenewsItselfAsync(work, customer.Id, tier, ct) is { } renews)
                    return new Refusal("subscription-renews", $"The account has a subscription of the {renews} tier, which renews itself: a month of {tier} would only begin when it ends. Cancel the subscription first, and the month follows it.").ToProblem();
                if (request.ReferralCode is { } code && await ReferralTable.RecordAsync(work, customer.Id, code, ct) is { } refusal) return refusal.ToProblem();
                var coupon = request.Coupon is { } word ? await Redemptions.TakeAsync(work, word, customer.Id, price, id, "payment", stripe.Test, ct) : await Redemptions.RunningAsync(work, customer.Id, price, stripe.Test, ct);
                var off = coupon?.Off(price) ?? Money.Zero(price.Currency);
                var credit = Credit.TakenOff(price - off, await Credit.LeftAsync(work, customer.Id, price.Currency, test, ct));
                var due = price - off - credit;
                var payment = new Payment
                {
                    Id = id, Provider = provider, Purpose = "upgrade", Tier = tier, CustomerId = customer.Id, AmountMicros = due.Micros, Currency = due.Currency, Description = $"Empire {tier}, one month",
                    PayCurrency = provider == NowPaymentsFacts.Provider ? coin : null, CouponId = coupon?.Id, DiscountMicros = off.Micros, CreditMicros = credit.Micros, Test = test, CreatedAt = now,
                };
                await PaymentTable.AddAsync(work, payment, ct);
                if (ownKey is not null) await work.ExecuteAsync("update payments set request_key = @ownKey where tenant_id = current_tenant() and id = @id", new { ownKey, id }, ct);
                var (description, key) = ($"Empire {tier}, one month", PublicId.Format("tx", id));
                switch (provider)
                {
                    case var _ when due.Micros == 0:
                        payment.Settle(now);
                        await PaymentTable.SaveAsync(work, payment, ct);
                        await PaymentFacts.PaidAsync(work, payment, now, ct);
                        break;
                    case FlutterwaveFacts.Provider:
                        await work.PlanAsync(new EffectPlan<OpenCheckout>(key, new(id, due.Amount, due.Currency.Code, customer.Email, customer.Name, description, $"{publicUrl}/payment/flutterwave/callback")), ct);
                        break;
                    case NowPaymentsFacts.Provider:
                        await work.PlanAsync(new EffectPlan<AskForCoins>(key, new(id, due.Amount, due.Currency.Code, coin, description, $"{publicUrl}/payment/nowpayments/webhook", PayoutOf(coin, services))), ct);
                        break;
                    default:
                        var shown = credit.Micros == 0 ? coupon?.StripeId : null; // what Stripe knows of, the payer sees taken off there
                        var units = StripeMoney.To(shown is null ? due : price);
                        await work.PlanAsync(new EffectPlan<OpenStripeCheckout>(key, new(id, units, price.Currency.Code, customer.Email, description, $"{publicUrl}/payment/return?payment_id={key}", shown)), ct);
                        break;
                }
                work.Audit("upgrade.asked", "payment", key, new { tier, provider, account = account.TenantId, coupon = coupon?.Code });
                await work.CommitAsync(ct);
            }
        }
        await Awaited.SettledAsync(db, seller, kind, PublicId.Format("tx", id), ct);
        var stands = (await GetPayment.ReadAsync(db, seller, id, sealer, ct))!;
        return stands.Status == "failed"
            ? new Refusal("payment-failed", stands.FailureDetail ?? "The payment provider refused.").ToProblem(StatusCodes.Status502BadGateway)
            : TypedResults.Ok(new Response("success", stands.ActionUrl, stands.PaymentId, stands.Amount, stands.Discount, stands.Credit, stands.Currency, stands.PayAddress, stands.PayAmount, stands.PayCurrency));
    }

    private const string NoAccount = "No account of yours has this e-mail address.";

    /// <summary>The account as a customer of whoever runs this installation.</summary>
    internal static async Task<Customer> CustomerOfAsync(Work work, Guid id, string email, string? name, bool test, CancellationToken ct)
    {
        var sql = "select * from customers where tenant_id = current_tenant() and account_id = @id";
        if (await work.QuerySingleOrDefaultAsync<Customer>(sql, new { id }, ct) is { } known) return known;
        var made = new Customer { Id = Guid.CreateVersion7(work.Now), Email = email.Trim().ToLowerInvariant(), Name = name, AccountId = id, Test = test, CreatedAt = work.Now };
        await CustomerTable.AddAsync(work, made, null, ct); // of two upgrades at once the second finds the first one's
        return await work.QuerySingleAsync<Customer>(sql, new { id }, ct);
    }

    private static Payout? PayoutOf(string coin, IServiceProvider services) =>
        services.GetRequiredKeyedService<NowPaymentsOptions>(NowPaymentsSetup.Provider).PayoutOf(coin) is var (arrivesAs, wallet) ? new(arrivesAs, wallet.Address, wallet.ExtraId) : null;

    private static bool TestOf(string provider, IServiceProvider services) => provider switch
    {
        StripeFacts.Provider => services.GetRequiredKeyedService<StripeOptions>(StripeSetup.Provider).Test,
        FlutterwaveFacts.Provider => services.GetRequiredKeyedService<FlutterwaveOptions>(FlutterwaveSetup.Provider).Test,
        _ => services.GetRequiredKeyedService<NowPaymentsOptions>(NowPaymentsSetup.Provider).Test,
    };
}
