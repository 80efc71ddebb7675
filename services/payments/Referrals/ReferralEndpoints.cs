using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Payments.Customers;
using Empire.Payments.Ledger;
using Empire.Payments.Tiers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Payments.Referrals;

/// <summary>Codes by which customers send others, and what they have for it.</summary>
public static class ReferralEndpoints
{
    /// <summary>Of a customer's referrals the newest are shown.</summary>
    private const int Most = 100;

    public static void AddReferrals(this IServiceCollection services) =>
        services.AddEffect<MoveCreditHandler, MoveCredit>(MoveCredit.Kind).AddEffect<EnrolAccountHandler, EnrolAccount>(EnrolAccount.Kind);

    public static void MapReferrals(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/revenue/referral", OwnAsync).WithTags("Referrals").WithName("GetOwnReferral");
        var customers = app.MapGroup("/api/v1/revenue/customers/{id}/referral").WithTags("Referrals");
        customers.MapGet("", GetAsync).WithName("GetReferral");
        customers.MapPut("", RecordAsync).WithName("RecordReferral").ForRoles("owner", "admin", "member", "service");
    }

    /// <param name="Code">Whoever comes by it and pays earns its owner a month of their tier as credit.</param>
    /// <param name="Credit">What the next payment takes by itself.</param>
    /// <param name="CreditAtStripe">What the rewards moved there; the next invoice takes it.</param>
    /// <param name="Referrals">The newest first, at most 100.</param>
    /// <example>{"code": "3F9A1C07B2", "credit": [{"value": 49, "currency": "USD"}], "credit_at_stripe": [], "referrals": [{"status": "waiting", "reward": null, "currency": null,
    /// "created_at": "2026-03-05T16:40:00+00:00"}, {"status": "rewarded", "reward": 49, "currency": "USD", "created_at": "2026-03-02T08:00:00+00:00"}]}</example>
    public sealed record View(string Code, IReadOnlyList<Amount> Credit, IReadOnlyList<Amount> CreditAtStripe, IReadOnlyList<Sent> Referrals);

    public sealed record Amount(decimal Value, string Currency);

    /// <param name="Status">waiting: not paid yet; rewarded; taken_back: what they paid was given back; kept: so too, when the credit was spent already.</param>
    public sealed record Sent(string Status, decimal? Reward, string? Currency, DateTimeOffset CreatedAt);

    /// <example>{"referral_code": "3F9A1C07B2"}</example>
    /// <param name="ReferralCode">Of who sent the customer; before they pay for the first time.</param>
    public sealed record Request([Required, StringLength(20)] string ReferralCode);

    /// <summary>The code and the credit of the caller's own account, as a customer of whoever runs the installation.</summary>
    private static async Task<Results<Ok<View>, NotFound>> OwnAsync(Caller caller, Database db, CancellationToken ct)
    {
        TenantId seller;
        await using (var system = await db.BeginSystemAsync(ct))
        {
            if (await KnownOperator.FindAsync(system, ct) is not { } known) return TypedResults.NotFound();
            seller = known;
        }
        await using var work = await db.BeginAsync(seller, ct);
        return await work.QuerySingleOrDefaultAsync<Guid?>("select id from customers where tenant_id = current_tenant() and account_id = @account", new { account = caller.Tenant.Value }, ct) is { } customer
            && await ReadAsync(work, customer, ct) is { } view ? TypedResults.Ok(view) : TypedResults.NotFound();
    }

    /// <summary>A customer's code, credit, and whom they sent.</summary>
    /// <param name="id">cust_….</param>
    private static async Task<Results<Ok<View>, NotFound>> GetAsync(string id, Caller caller, Database db, CancellationToken ct)
    {
        if (!PublicId.TryParse(Customer.Prefix, id, out var customer)) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return await ReadAsync(work, customer, ct) is { } view ? TypedResults.Ok(view) : TypedResults.NotFound();
    }

    /// <summary>Records by whose code a customer came.</summary>
    /// <param name="id">cust_….</param>
    private static async Task<Results<Ok<View>, NotFound, ProblemHttpResult>> RecordAsync(string id, Request request, Caller caller, Database db, CancellationToken ct)
    {
        if (!PublicId.TryParse(Customer.Prefix, id, out var customer)) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await CustomerTable.FindAsync(work, customer, ct) is null) return TypedResults.NotFound();
        if (await ReferralTable.RecordAsync(work, customer, request.ReferralCode, ct) is { } refusal) return refusal.ToProblem();
        var view = (await ReadAsync(work, customer, ct))!;
        work.NothingToAudit(); // unless it was recorded now
        await work.CommitAsync(ct);
        return TypedResults.Ok(view);
    }

    private static async Task<View?> ReadAsync(Work work, Guid customer, CancellationToken ct)
    {
        if (await work.QuerySingleOrDefaultAsync<string>("select referral_code from customers where tenant_id = current_tenant() and id = @customer", new { customer }, ct) is not { } code) return null;
        var credit = await work.QueryAsync<(string Account, string Currency, long Micros)>(
            """
            select l.account, l.currency, -sum(l.micros)::bigint from ledger_entries e join ledger_lines l on l.entry_id = e.id and l.tenant_id = current_tenant()
            where e.tenant_id = current_tenant() and e.customer_id = @customer and l.account in (@CustomerCredit, @CreditAtStripe) group by 1, 2 having sum(l.micros) <> 0 order by 1, 2
            """, new { customer, Accounts.CustomerCredit, Accounts.CreditAtStripe }, ct);
        var sent = await work.QueryAsync<(string Status, long? Micros, string? Currency, DateTimeOffset At)>(
            "select status, reward_micros, currency, created_at from referrals where tenant_id = current_tenant() and referrer_id = @customer order by created_at desc, id limit @Most", new { customer, Most }, ct);
        IReadOnlyList<Amount> Of(string account) => [.. credit.Where(row => row.Account == account).Select(row => new Amount((decimal)row.Micros / Money.MicrosPerUnit, row.Currency))];
        return new(code, Of(Accounts.CustomerCredit), Of(Accounts.CreditAtStripe), [.. sent.Select(row => new Sent(row.Status, row.Micros is { } micros ? (decimal)micros / Money.MicrosPerUnit : null, row.Currency, row.At))]);
    }
}
