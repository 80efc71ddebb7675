using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Effects;
using Empire.Http;
using Empire.Payments.Stripe;
using Empire.Payments.Upgrades;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Payments.Coupons;

/// <summary>Coupons: an owner makes them, lists them and ends them.</summary>
public static class CouponEndpoints
{
    public static void AddCoupons(this IServiceCollection services) => services.AddEffect<MirrorCouponHandler, MirrorCoupon>(MirrorCoupon.Kind);

    public static void MapCoupons(this IEndpointRouteBuilder app)
    {
        var coupons = app.MapGroup("/api/v1/revenue/coupons").WithTags("Coupons");
        coupons.MapPost("", CreateAsync).WithName("CreateCoupon").ForRoles("owner", "admin", "service").WithIdempotencyKey();
        coupons.MapGet("", ListAsync).WithName("ListCoupons");
        coupons.MapGet("/{id}", GetAsync).WithName("GetCoupon");
        coupons.MapPost("/{id}/deactivate", DeactivateAsync).WithName("DeactivateCoupon").ForRoles("owner", "admin", "service");
    }

    /// <example>{"code": "SPRING10", "percent_off": 10, "duration": "once", "max_redemptions": 200}</example>
    /// <param name="Code">What customers type: 3 to 40 letters, digits, - and _, in any case.</param>
    /// <param name="PercentOff">1 to 100, with at most two decimals; this or <paramref name="AmountOff"/>.</param>
    /// <param name="AmountOff">In units of <paramref name="Currency"/>.</param>
    /// <param name="Currency">ISO 4217, of the amount; with it alone.</param>
    /// <param name="Duration">once: one payment; repeating: what is paid within <paramref name="DurationMonths"/> of the first use; forever.</param>
    /// <param name="RedeemBy">The last moment of a first use.</param>
    /// <param name="MaxRedemptions">How many customers may have it, over all providers.</param>
    public sealed record Request(
        [Required, StringLength(40, MinimumLength = 3)] string Code, decimal? PercentOff = null, decimal? AmountOff = null, string? Currency = null, [OneOf("once", "repeating", "forever")] string Duration = "once",
        [Range(1, 60)] int? DurationMonths = null, DateTimeOffset? RedeemBy = null, [Range(1, 1_000_000_000)] int? MaxRedemptions = null, [StringLength(40)] string? Name = null);

    /// <param name="Redemptions">Customers who have used it, or hold it by a payment that is not settled yet.</param>
    /// <param name="Mirrored">Stripe has it.</param>
    /// <param name="Problem">Why Stripe refused it; it works with the other providers all the same.</param>
    /// <example>{"coupon_id": "coup_0199f3a17c5b7d3e8a4b5c6d7e8f9027", "code": "SPRING10", "name": null, "percent_off": 10, "amount_off": null, "currency": null, "duration": "once",
    /// "duration_months": null, "redeem_by": null, "max_redemptions": 200, "redemptions": 0, "active": true, "mirrored": true, "problem": null, "test": false,
    /// "created_at": "2026-03-02T08:00:00+00:00"}</example>
    public sealed record View(
        string CouponId, string Code, string? Name, decimal? PercentOff, decimal? AmountOff, string? Currency, string Duration, int? DurationMonths, DateTimeOffset? RedeemBy, int? MaxRedemptions, int Redemptions, bool Active,
        bool Mirrored, string? Problem, bool Test, DateTimeOffset CreatedAt);

    /// <summary>Makes a coupon, and the same at Stripe.</summary>
    private static async Task<Results<Created<View>, ProblemHttpResult>> CreateAsync(
        Request request, Caller caller, Database db, [FromKeyedServices(StripeSetup.Provider)] StripeOptions stripe, TimeProvider clock, CancellationToken ct,
        [FromHeader(Name = "Idempotency-Key")] string? requestKey = null)
    {
        var now = clock.GetUtcNow();
        var (id, coupon) = (Guid.CreateVersion7(now), Checked(request, now));
        await using (var work = await db.BeginAsync(caller.Tenant, ct))
        {
            if (requestKey is not null && await work.QuerySingleOrDefaultAsync<Guid?>("select id from coupons where tenant_id = current_tenant() and request_key = @requestKey", new { requestKey }, ct) is { } known) id = known;
            else
            {
                var made = new Coupon
                {
                    Id = id, Code = coupon.Code, Name = request.Name, PercentOff = request.PercentOff, AmountOffMicros = coupon.Off?.Micros, Currency = coupon.Off?.Currency.Code, Duration = request.Duration, DurationMonths = request.DurationMonths,
                    RedeemBy = request.RedeemBy?.ToUniversalTime(), MaxRedemptions = request.MaxRedemptions, Test = stripe.Test, CreatedAt = now,
                };
                if (!await CouponTable.AddAsync(work, made, requestKey, ct)) return new Refusal("coupon-exists", $"There is an active coupon {coupon.Code} already.").ToProblem();
                long? units = coupon.Off is { } off && StripeMoney.TryTo(off, out var exact) ? exact : null;
                await work.PlanAsync(new EffectPlan<MirrorCoupon>(made.PublicId, new(id, request.Name ?? coupon.Code, request.PercentOff, units, made.Currency, request.Duration, request.DurationMonths)), ct);
                work.Audit("coupon.created", "coupon", made.PublicId, new { coupon.Code, request.PercentOff, request.AmountOff, request.Currency });
                await work.CommitAsync(ct);
            }
        }
        await Awaited.SettledAsync(db, caller.Tenant, MirrorCoupon.Kind, PublicId.Format(Coupon.Prefix, id), ct);
        return TypedResults.Created($"/api/v1/revenue/coupons/{PublicId.Format(Coupon.Prefix, id)}", (await ReadAsync(db, caller.Tenant, id, ct))!);
    }

    /// <summary>The coupons of the caller's account, the newest first.</summary>
    /// <param name="active">True: only what can still be used; null is all.</param>
    private static async Task<Page<View>> ListAsync(bool? active, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Row>(
            Select + """

             where c.tenant_id = current_tenant() and (@active::boolean is null or c.active = @active) and (@at::timestamptz is null or (c.created_at, c.id) < (@at, @id)) order by c.created_at desc, c.id desc limit @Fetch
            """, new { active, at = after?.At, id = after?.Id, page.Fetch, PagesOver = OpenCheckout.PagesOver(work.Now) }, ct);
        return page.ToPage(rows, row => (row.CreatedAt, row.Id)).Select(row => row.ToView());
    }

    /// <summary>One coupon.</summary>
    /// <param name="id">coup_….</param>
    private static async Task<Results<Ok<View>, NotFound>> GetAsync(string id, Caller caller, Database db, CancellationToken ct) =>
        PublicId.TryParse(Coupon.Prefix, id, out var coupon) && await ReadAsync(db, caller.Tenant, coupon, ct) is { } view ? TypedResults.Ok(view) : TypedResults.NotFound();

    /// <summary>Nobody gets it any more; who has it keeps it for as long as it runs. Its word is free again.</summary>
    /// <param name="id">coup_….</param>
    private static async Task<Results<Ok<View>, NotFound>> DeactivateAsync(string id, Caller caller, Database db, CancellationToken ct)
    {
        if (!PublicId.TryParse(Coupon.Prefix, id, out var coupon)) return TypedResults.NotFound();
        await using (var work = await db.BeginAsync(caller.Tenant, ct))
        {
            if (await work.ExecuteAsync("update coupons set active = false where tenant_id = current_tenant() and id = @coupon", new { coupon }, ct) == 0) return TypedResults.NotFound();
            work.Audit("coupon.deactivated", "coupon", id);
            await work.CommitAsync(ct);
        }
        return TypedResults.Ok((await ReadAsync(db, caller.Tenant, coupon, ct))!);
    }

    private static (string Code, Money? Off) Checked(Request request, DateTimeOffset now)
    {
        if (Coupon.CodeOf(request.Code) is not { } code) throw new InvalidFieldException("code", "wanted: 3 to 40 letters, digits, - and _, beginning with a letter or digit.");
        if (request.PercentOff is null == request.AmountOff is null) throw new InvalidFieldException("percent_off", "wanted: either percent_off or amount_off.");
        if (request.PercentOff is { } percent && (percent is < 1 or > 100 || decimal.Round(percent, 2) != percent)) throw new InvalidFieldException("percent_off", "wanted: 1 to 100, with at most two decimals.");
        if (request.AmountOff is null && request.Currency is not null) throw new InvalidFieldException("currency", "goes with amount_off alone.");
        if (request.Duration == "repeating" != request.DurationMonths is not null) throw new InvalidFieldException("duration_months", "wanted with the duration 'repeating', and only with it.");
        if (request.RedeemBy <= now) throw new InvalidFieldException("redeem_by", "wanted: a time to come.");
        if (request.AmountOff is not { } off) return (code, null);
        if (request.Currency is null || !Empire.Currency.TryParse(request.Currency, out var currency)) throw new InvalidFieldException("currency", "wanted with amount_off: an ISO 4217 code, as USD.");
        if (off is <= 0 or > 1_000_000_000) throw new InvalidFieldException("amount_off", "wanted: more than zero, at most a billion.");
        Money money;
        try { money = Money.Of(off, currency); }
        catch (ArgumentException) { throw new InvalidFieldException("amount_off", $"has more decimals than {currency} has."); }
        return money.TryToMinor(out _) && StripeMoney.TryTo(money, out _) ? (code, money) : throw new InvalidFieldException("amount_off", $"has more decimals than {currency} has.");
    }

    private static async Task<View?> ReadAsync(Database db, TenantId tenant, Guid id, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(tenant, ct);
        return (await work.QuerySingleOrDefaultAsync<Row>(Select + " where c.tenant_id = current_tenant() and c.id = @id", new { id, PagesOver = OpenCheckout.PagesOver(work.Now) }, ct))?.ToView();
    }

    private const string Select =
        $"""
        select c.*, (select count(*)::int from coupon_redemptions held where held.tenant_id = current_tenant() and held.coupon_id = c.id and {Redemptions.Counted}) as redemptions
        from coupons c
        """;

    private sealed record Row
    {
        public Guid Id { get; init; }
        public string Code { get; init; } = "";
        public string? Name { get; init; }
        public decimal? PercentOff { get; init; }
        public long? AmountOffMicros { get; init; }
        public string? Currency { get; init; }
        public string Duration { get; init; } = "";
        public int? DurationMonths { get; init; }
        public DateTimeOffset? RedeemBy { get; init; }
        public int? MaxRedemptions { get; init; }
        public int Redemptions { get; init; }
        public bool Active { get; init; }
        public string? StripeId { get; init; }
        public string? StripeProblem { get; init; }
        public bool Test { get; init; }
        public DateTimeOffset CreatedAt { get; init; }

        public View ToView() => new(
            PublicId.Format(Coupon.Prefix, Id), Code, Name, PercentOff is { } percent ? percent / 1.00m : null, AmountOffMicros is { } off ? (decimal)off / Money.MicrosPerUnit : null, Currency, Duration, DurationMonths, RedeemBy, MaxRedemptions,
            Redemptions, Active, StripeId is not null, StripeProblem, Test, CreatedAt);
    }
}
