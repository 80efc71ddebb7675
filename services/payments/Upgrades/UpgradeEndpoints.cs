using System.Net;
using Empire.Configuration;
using Empire.Contracts.V1;
using Empire.Data;
using Empire.Http;
using Empire.Payments.Flutterwave;
using Empire.Payments.Intake;
using Empire.Payments.NowPayments;
using Empire.Payments.Tiers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Payments.Upgrades;

public static class UpgradeEndpoints
{
    public static void AddUpgrades(this WebApplicationBuilder builder)
    {
        builder.AddSettings<PriceBook>("Prices");
        builder.AddServiceClient<Identity.IdentityClient>("identity");
        builder.Services.AddSingleton<AccountDirectory>().AddSingleton<Coins>();
        builder.Services.AddEffect<OpenCheckoutHandler, OpenCheckout>(OpenCheckout.Kind).AddEffect<AskForCoinsHandler, AskForCoins>(AskForCoins.Kind)
            .AddEffect<OpenStripeCheckoutHandler, OpenStripeCheckout>(OpenStripeCheckout.Kind);
        builder.Services.AddHostedService<TierClock>().AddSingleton<ProviderModes>().AddHostedService<ModeKeeper>();
    }

    public static void MapUpgrades(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/upgrade", UpgradeAccount.HandleAsync).WithTags("Upgrades").WithName("Upgrade").ForRoles("owner", "admin", "member", "service").WithIdempotencyKey();
        app.MapGet("/api/upgrade/{id}", StandsAsync).WithTags("Upgrades").WithName("GetUpgrade");
        app.MapGet("/payment/flutterwave/callback", ReturnedAsync).WithTags("Upgrades").AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/payment/return", () => Page("Thank you. As soon as the payment is confirmed, it shows in your account. You can close this page.")).WithTags("Upgrades").AllowAnonymous().ExcludeFromDescription();
    }

    /// <param name="Status">pending until the payer has paid; then as a payment's.</param>
    /// <example>{"payment_id": "tx_0199f3a17c5b7d3e8a4b5c6d7e8f902b", "status": "succeeded", "tier": "professional", "amount": 49, "discount": 0, "currency": "USD",
    /// "payment_url": "https://checkout.flutterwave.com/v3/hosted/pay/3f9a1c07b2d4", "pay_address": null, "pay_amount": null, "pay_currency": null, "failure_detail": null}</example>
    public sealed record Standing(string PaymentId, string Status, string Tier, decimal Amount, decimal Discount, string Currency, string? PaymentUrl, string? PayAddress, decimal? PayAmount, string? PayCurrency, string? FailureDetail);

    /// <summary>Where a payment for a tier of the caller's own account stands.</summary>
    /// <param name="id">tx_….</param>
    private static async Task<Results<Ok<Standing>, NotFound>> StandsAsync(string id, Caller caller, Database db, CancellationToken ct)
    {
        if (!PublicId.TryParse("tx", id, out var payment)) return TypedResults.NotFound();
        await using var system = await db.BeginSystemAsync(ct);
        if (await KnownOperator.FindAsync(system, ct) is not { } seller) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(seller, ct);
        var row = await work.QuerySingleOrDefaultAsync<Row>(
            """
            select p.status, p.tier, p.amount_micros, p.discount_micros, p.currency, p.action_url, p.pay_address, p.pay_amount, p.pay_currency, p.failure_detail
            from payments p join customers c on c.id = p.customer_id
            where p.tenant_id = current_tenant() and c.tenant_id = current_tenant() and p.id = @payment and p.purpose = 'upgrade' and c.account_id = @account
            """, new { payment, account = caller.Tenant.Value }, ct);
        return row is null ? TypedResults.NotFound() : TypedResults.Ok(new Standing(
            PublicId.Format("tx", payment), row.Status is "requires_action" or "requires_payment_method" ? "pending" : row.Status, row.Tier, (decimal)row.AmountMicros / Money.MicrosPerUnit, (decimal)row.DiscountMicros / Money.MicrosPerUnit, row.Currency, row.ActionUrl, row.PayAddress, row.PayAmount, row.PayCurrency, row.FailureDetail));
    }

    /// <summary>So many transactions may wait to be asked for that browsers name of one payment: anybody can name some.</summary>
    private const int MostNamed = 3;

    /// <summary>The payer's browser comes back. What it says is not believed: the transaction is asked for.</summary>
    private static async Task<PlainPage> ReturnedAsync(HttpRequest request, Database db, TaskSignal signal, CancellationToken ct)
    {
        var (reference, transaction) = (request.Query["tx_ref"].ToString(), request.Query["transaction_id"].ToString());
        if (FlutterwaveFacts.PaymentOf(reference.Split('-')[0]) is { } payment && transaction is { Length: > 0 and < 20 } && transaction.All(char.IsAsciiDigit))
        {
            await using var work = await db.BeginSystemAsync(ct);
            work.NothingToAudit();
            var (path, known) = ($"transactions/{transaction}/verify", FlutterwaveFacts.ReferenceOf(payment));
            var open = await work.QuerySingleOrDefaultAsync<bool>("select true from payments where id = @payment and provider = 'flutterwave' and status <> 'succeeded' for no key update", new { payment }, ct);
            if (open && await work.QuerySingleAsync<int>("select count(*)::int from provider_tasks where provider = 'flutterwave' and task = 'fetch' and object_key = @known and subject <> @path and not parked", new { known, path }, ct) < MostNamed)
                await TaskTable.FetchLaterAsync(work, FlutterwaveFacts.Provider, path, known, ct);
            await work.CommitAsync(ct);
            signal.Set();
        }
        var words = request.Query["status"].ToString() switch
        {
            "cancelled" => "The payment was cancelled. Nothing was charged.",
            "failed" => "The payment did not go through. You can go back and try again, or pay another way.",
            _ => "Thank you. As soon as the payment is confirmed, your account is upgraded and a mail is on its way.",
        };
        return Page(words);
    }

    private static PlainPage Page(string words) => new("Payment", $"<main><h1>Payment</h1><p>{WebUtility.HtmlEncode(words)}</p></main>");

    private sealed record Row
    {
        public string Status { get; init; } = "";
        public string Tier { get; init; } = "";
        public long AmountMicros { get; init; }
        public long DiscountMicros { get; init; }
        public string Currency { get; init; } = "";
        public string? ActionUrl { get; init; }
        public string? PayAddress { get; init; }
        public decimal? PayAmount { get; init; }
        public string? PayCurrency { get; init; }
        public string? FailureDetail { get; init; }
    }
}
