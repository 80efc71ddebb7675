using Empire.Data;
using Empire.Payments.Intake;
using Empire.Payments.Tests.Intake;
using Empire.Payments.Tiers;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Payments.Tests.Tiers;

/// <summary>What a customer has paid for changes by several events at once: payments and subscriptions are different objects, and are taken in by different workers.</summary>
public sealed class TierKeeperTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_at_once_the_second_counts_what_the_first_has_changed()
    {
        var (customer, entitlement) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using (var before = await app.Database.BeginAsync(app.Tenant, ct))
        {
            await before.ExecuteAsync(
                """
                insert into customers (id, tenant_id, email, tier, told_status, test, created_at, updated_at) values (@customer, @Tenant, @email, 'professional', 'active', true, @Now, @Now);
                insert into entitlements (id, tenant_id, customer_id, tier, source, source_id, starts_at, test) values (@entitlement, @Tenant, @customer, 'professional', 'payment', @customer, @Now, true)
                """, new { customer, entitlement, before.Tenant, before.Now, email = $"{customer:N}@example.com" }, ct);
            await before.CommitAsync(ct);
        }

        await using var first = await app.Database.BeginAsync(app.Tenant, ct);
        await first.ExecuteAsync("update entitlements set revoked_at = @Now where id = @entitlement", new { entitlement, first.Now }, ct);
        await TierKeeper.RefreshAsync(first, customer, ct);
        await using var second = await app.Database.BeginAsync(app.Tenant, ct);
        var (waiter, waiting) = (await second.QuerySingleAsync<int>("select pg_backend_pid()", ct: ct), TierKeeper.RefreshAsync(second, customer, ct));
        await Eventually.TrueAsync(() => app.ReadAsync<bool>("select exists (select from pg_locks where pid = @waiter and not granted)", new { waiter }));
        await first.CommitAsync(ct);
        await waiting;
        await second.CommitAsync(ct);
        Assert.Equal("free", await app.ReadAsync<string>("select tier from customers where id = @customer", new { customer }));
    }

    [Fact]
    public async Task Two_who_each_write_what_was_paid_do_not_wait_for_each_other_in_a_circle()
    {
        var customer = Guid.CreateVersion7();
        await using (var before = await app.Database.BeginAsync(app.Tenant, ct))
        {
            await before.ExecuteAsync("insert into customers (id, tenant_id, email, test, created_at, updated_at) values (@customer, @Tenant, @email, true, @Now, @Now)", new { customer, before.Tenant, before.Now, email = $"{customer:N}@example.com" }, ct);
            await before.CommitAsync(ct);
        }
        await using var first = await app.Database.BeginAsync(app.Tenant, ct);
        await using var second = await app.Database.BeginAsync(app.Tenant, ct);
        await PaidAsync(first, "professional");
        await PaidAsync(second, "enterprise");
        await TierKeeper.RefreshAsync(first, customer, ct);
        var waiting = TierKeeper.RefreshAsync(second, customer, ct);
        await first.CommitAsync(ct);
        await waiting;
        await second.CommitAsync(ct);
        Assert.Equal("enterprise", await app.ReadAsync<string>("select tier from customers where id = @customer", new { customer }));

        Task PaidAsync(Work work, string tier) => work.ExecuteAsync(
            "insert into entitlements (id, tenant_id, customer_id, tier, source, source_id, starts_at, test) values (@id, @Tenant, @customer, @tier, 'payment', @id, @Now, true)", new { id = Guid.CreateVersion7(), work.Tenant, customer, tier, work.Now }, ct);
    }

    /// <summary>Neither alone says that the subscription's payment was lost: the invoice tells which payment it is, the dispute that it is lost.</summary>
    [Fact]
    public async Task A_lost_payment_and_the_invoice_that_names_it_told_at_once_take_the_tier()
    {
        var (customer, tag) = (Guid.CreateVersion7(), $"a{Guid.CreateVersion7().ToString("N")[^12..]}");
        var events = new Story("subscription", 4900, 0, [], false, null, Paid: true, false, false, "USD", false, Twice: true, false, false).Events(tag, customer).ToList();
        await using (var before = await app.Database.BeginAsync(app.Tenant, ct))
        {
            await before.ExecuteAsync("insert into customers (id, tenant_id, email, stripe_id, test, created_at, updated_at) values (@customer, @Tenant, @email, @stripe, true, @Now, @Now)",
                new { customer, before.Tenant, before.Now, email = $"{customer:N}@example.com", stripe = $"cus_{tag}" }, ct);
            await before.CommitAsync(ct);
        }
        ProviderEvent Told(string kind) => events.Last(told => told.Kind == kind);
        await using (var known = await app.Database.BeginSystemAsync(ct))
        {
            foreach (var told in events.Except([Told("invoice.paid"), Told("charge.dispute.closed")])) await TakeAsync(known, told);
            await known.CommitAsync(ct);
        }
        Assert.Equal("professional", await TierAsync());

        await using var first = await app.Database.BeginSystemAsync(ct);
        await using var second = await app.Database.BeginSystemAsync(ct);
        await TakeAsync(first, Told("charge.dispute.closed"));
        var (waiter, waiting) = (await second.QuerySingleAsync<int>("select pg_backend_pid()", ct: ct), TakeAsync(second, Told("invoice.paid")));
        await Eventually.TrueAsync(() => app.ReadAsync<bool>("select exists (select from pg_locks where pid = @waiter and not granted)", new { waiter }));
        await first.CommitAsync(ct);
        await waiting;
        await second.CommitAsync(ct);
        Assert.Equal("free", await TierAsync());

        Task<string?> TierAsync() => app.ReadAsync<string>("select tier from customers where id = @customer", new { customer });
    }

    private async Task TakeAsync(Work work, ProviderEvent told)
    {
        var provider = app.Services.GetServices<PaymentProvider>().Single(one => one.Name == told.Provider);
        foreach (var fact in provider.Translate(told).Facts) Assert.True(await Settlement.TakeAsync(work, fact, ct));
    }
}
