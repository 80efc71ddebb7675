using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Effects;
using Empire.Http;
using Empire.Payments.Stripe;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using StripeNet = global::Stripe;

namespace Empire.Payments.Connect;

/// <summary>Users who sell through the account's business: their accounts at Stripe, and the way to complete them.</summary>
public static class SellerEndpoints
{
    private const decimal LeastFee = 5, MostFee = 10;

    public static void AddConnect(this IServiceCollection services) => services.AddEffect<OpenSellerHandler, OpenSeller>(OpenSeller.Kind);

    public static void MapConnect(this IEndpointRouteBuilder app)
    {
        var sellers = app.MapGroup("/api/v1/revenue/sellers").WithTags("Sellers");
        sellers.MapPost("", CreateAsync).WithName("CreateSeller").NeedsProvider(StripeSetup.Provider).ForRoles("owner", "admin", "service").WithIdempotencyKey();
        sellers.MapGet("", ListAsync).WithName("ListSellers");
        sellers.MapGet("/{id}", GetAsync).WithName("GetSeller");
        sellers.MapPost("/{id}/onboarding", OnboardAsync).WithName("OnboardSeller").NeedsProvider(StripeSetup.Provider).ForRoles("owner", "admin", "service"); // no idempotency key: each link works once
    }

    /// <example>{"email": "seller@example.com", "name": "Harbour Roasters", "country": "US", "fee_percent": 10}</example>
    /// <param name="Country">ISO 3166 alpha-2, as US.</param>
    /// <param name="FeePercent">What the platform keeps of each sale: 5 to 10; left out: 10.</param>
    public sealed record Request([Required, EmailAddress, StringLength(254)] string Email, [StringLength(200)] string? Name = null, [RegularExpression("^[A-Z]{2}$")] string Country = "US", decimal FeePercent = 10);

    /// <param name="Status">pending, created, or failed where Stripe refused.</param>
    /// <param name="ChargesEnabled">Sales may be made for them.</param>
    /// <example>{"seller_id": "seller_0199f3a17c5b7d3e8a4b5c6d7e8f9026", "email": "seller@example.com", "name": "Harbour Roasters", "country": "US", "fee_percent": 10.00,
    /// "status": "created", "charges_enabled": false, "payouts_enabled": false, "details_submitted": false, "failure_detail": null, "test": false, "created_at": "2026-03-02T08:00:00+00:00"}</example>
    public sealed record View(string SellerId, string Email, string? Name, string Country, decimal FeePercent, string Status, bool ChargesEnabled, bool PayoutsEnabled, bool DetailsSubmitted, string? FailureDetail, bool Test, DateTimeOffset CreatedAt);

    /// <summary>Takes a seller in and opens their account at Stripe.</summary>
    private static async Task<Results<Created<View>, ProblemHttpResult>> CreateAsync(
        Request request, Caller caller, Database db, [FromKeyedServices(StripeSetup.Provider)] StripeOptions stripe, TimeProvider clock, CancellationToken ct,
        [FromHeader(Name = "Idempotency-Key")] string? requestKey = null)
    {
        if (request.FeePercent is < LeastFee or > MostFee || decimal.Round(request.FeePercent, 2) != request.FeePercent) throw new InvalidFieldException("fee_percent", $"wanted: {LeastFee} to {MostFee}, with at most two decimals.");
        var (now, email) = (clock.GetUtcNow(), request.Email.Trim().ToLowerInvariant());
        var id = Guid.CreateVersion7(now);
        await using (var work = await db.BeginAsync(caller.Tenant, ct))
        {
            if (requestKey is not null && await work.QuerySingleOrDefaultAsync<Guid?>("select id from sellers where tenant_id = current_tenant() and request_key = @requestKey", new { requestKey }, ct) is { } known) id = known;
            else
            {
                var added = await work.ExecuteAsync(
                    "insert into sellers (id, tenant_id, email, name, country, fee_percent, request_key, test, created_at) values (@id, @Tenant, @email, @Name, @Country, @FeePercent, @requestKey, @Test, @now) on conflict do nothing",
                    new { id, work.Tenant, email, request.Name, request.Country, request.FeePercent, requestKey, stripe.Test, now }, ct);
                if (added == 0) return new Refusal("seller-exists", "There is a seller of this e-mail address already.").ToProblem();
                await work.PlanAsync(new EffectPlan<OpenSeller>(PublicId.Format(Seller.Prefix, id), new(id, email, request.Country)), ct);
                work.Audit("seller.created", "seller", PublicId.Format(Seller.Prefix, id), new { request.FeePercent });
                await work.CommitAsync(ct);
            }
        }
        var became = await Awaited.SettledAsync(db, caller.Tenant, OpenSeller.Kind, PublicId.Format(Seller.Prefix, id), ct);
        if (became is { State: "rejected" }) return new Refusal("seller-refused", became.Detail ?? "").ToProblem();
        await using var read = await db.BeginAsync(caller.Tenant, ct);
        var seller = (await SellerTable.FindAsync(read, id, ct))!;
        return TypedResults.Created($"/api/v1/revenue/sellers/{PublicId.Format(Seller.Prefix, id)}", Of(seller));
    }

    /// <summary>The sellers of the caller's account, the newest first.</summary>
    private static async Task<Page<View>> ListAsync([AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Seller>(
            "select * from sellers where tenant_id = current_tenant() and (@at::timestamptz is null or (created_at, id) < (@at, @id)) order by created_at desc, id desc limit @Fetch", new { at = after?.At, id = after?.Id, page.Fetch }, ct);
        return page.ToPage(rows, row => (row.CreatedAt, row.Id)).Select(Of);
    }

    /// <summary>One seller.</summary>
    private static async Task<Results<Ok<View>, NotFound>> GetAsync(string id, Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return PublicId.TryParse(Seller.Prefix, id, out var seller) && await SellerTable.FindAsync(work, seller, ct) is { } found ? TypedResults.Ok(Of(found)) : TypedResults.NotFound();
    }

    /// <example>{"refresh_url": "https://shop.example.com/onboarding", "return_url": "https://shop.example.com/welcome"}</example>
    /// <param name="RefreshUrl">Where Stripe sends the seller when the link has expired.</param>
    /// <param name="ReturnUrl">Where it sends them when they are done.</param>
    public sealed record LinkRequest([Required, WebAddress, StringLength(2000)] string RefreshUrl, [Required, WebAddress, StringLength(2000)] string ReturnUrl);

    /// <example>{"url": "https://connect.stripe.com/setup/e/acct_1Q7f3aK2cXw9/3f9a1c07b2d4", "expires_at": "2026-03-02T08:05:00+00:00"}</example>
    public sealed record LinkResponse(string Url, DateTimeOffset ExpiresAt);

    /// <summary>A link by which the seller completes their account at Stripe; it works once, and for a few minutes.</summary>
    private static async Task<Results<Ok<LinkResponse>, NotFound, ProblemHttpResult>> OnboardAsync(
        string id, LinkRequest request, Caller caller, Database db, IHttpClientFactory clients, [FromKeyedServices(StripeSetup.Provider)] StripeOptions options, CancellationToken ct)
    {
        Seller? seller;
        await using (var work = await db.BeginAsync(caller.Tenant, ct))
            seller = PublicId.TryParse(Seller.Prefix, id, out var wanted) ? await SellerTable.FindAsync(work, wanted, ct) : null;
        if (seller is null) return TypedResults.NotFound();
        if (seller.ProviderRef is null) return new Refusal("seller-not-ready", "Stripe has no account of this seller yet.").ToProblem();
        try
        {
            var link = await new StripeNet.AccountLinkService(StripeActs.Client(clients, options)).CreateAsync(new() { Account = seller.ProviderRef, Type = "account_onboarding", RefreshUrl = request.RefreshUrl, ReturnUrl = request.ReturnUrl }, cancellationToken: ct);
            return TypedResults.Ok(new LinkResponse(link.Url, new DateTimeOffset(link.ExpiresAt, TimeSpan.Zero)));
        }
        catch (StripeNet.StripeException e)
        {
            return new Refusal("provider-refused", StripeActs.Words(e)).ToProblem(StatusCodes.Status502BadGateway);
        }
    }

    private static View Of(Seller row) => new(
        PublicId.Format(Seller.Prefix, row.Id), row.Email, row.Name, row.Country, row.FeePercent, row.Status, row.ChargesEnabled, row.PayoutsEnabled, row.DetailsSubmitted, row.FailureDetail, row.Test, row.CreatedAt);
}

/// <summary>A seller's account at Stripe, decided.</summary>
public sealed record OpenSeller(Guid SellerId, string Email, string Country)
{
    public const string Kind = "payments.stripe-seller";
}

/// <summary>Opens the account; under the effect's key a repeat opens no second one.</summary>
public sealed class OpenSellerHandler(IHttpClientFactory clients, [FromKeyedServices(StripeSetup.Provider)] StripeOptions options) : EffectHandler<OpenSeller>
{
    public override async Task<EffectOutcome> PerformAsync(EffectAttempt<OpenSeller> attempt, CancellationToken ct)
    {
        try
        {
            var account = await new StripeNet.AccountService(StripeActs.Client(clients, options)).CreateAsync(new()
            {
                Type = "express", Email = attempt.Intent.Email, Country = attempt.Intent.Country,
                Capabilities = new() { CardPayments = new() { Requested = true }, Transfers = new() { Requested = true } },
                Metadata = new() { [StripeFacts.SellerKey] = attempt.Intent.SellerId.ToString("N"), [StripeFacts.TenantKey] = attempt.Tenant.Value.ToString("N") },
            }, StripeActs.Once(attempt.Key), ct);
            return new EffectOutcome.Done(account.Id);
        }
        catch (StripeNet.StripeException e) when (StripeActs.Outcome(e) is { } outcome)
        {
            return outcome;
        }
    }

    public override Task<EffectOutcome> ProbeAsync(EffectAttempt<OpenSeller> attempt, CancellationToken ct) => PerformAsync(attempt, ct);

    public override Task SettledAsync(EffectSettled<OpenSeller> settled, Work work, CancellationToken ct) => work.ExecuteAsync(
        "update sellers set provider_ref = coalesce(provider_ref, @Reference), status = @status, failure_detail = @Detail where tenant_id = current_tenant() and id = @SellerId",
        new { settled.Reference, status = settled.Succeeded ? "created" : "failed", Detail = settled.Succeeded ? null : settled.Detail, settled.Intent.SellerId }, ct);
}
