using Empire.Payments.Facts;

namespace Empire.Payments.Tests.Tiers;

/// <summary>Several months that one customer pays for, as the providers tell of them: in whatever order, each is given once.</summary>
public sealed class RenewalTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    private static readonly Money Price = Money.Of(49m, Currency.Usd);
    private readonly DateTimeOffset paid = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().AddDays(-10).ToUnixTimeSeconds());

    [Fact]
    public async Task Told_in_either_order_the_later_payment_gives_the_later_month()
    {
        foreach (var laterFirst in (bool[])[false, true])
        {
            var (customer, first, second) = await TwoAsync("professional", "professional");
            foreach (var (payment, at) in laterFirst ? new[] { (second, paid.AddDays(3)), (first, paid) } : [(first, paid), (second, paid.AddDays(3))]) await PaidAsync(payment, at);
            Assert.Equal([(paid, paid.AddMonths(1)), (paid.AddMonths(1), paid.AddMonths(2))], [await GivenAsync(first), await GivenAsync(second)]);
            Assert.Equal("professional", await TierAsync(customer));
        }
    }

    [Fact]
    public async Task A_rise_keeps_the_rest_of_the_lower_month_for_afterwards_and_its_refund_gives_it_back_at_once()
    {
        var (customer, low, high) = await TwoAsync("professional", "enterprise");
        await PaidAsync(low, paid);
        await PaidAsync(high, paid.AddDays(4));
        Assert.Equal("enterprise", await TierAsync(customer));
        var risen = await GivenAsync(high);
        Assert.Equal((paid, paid.AddMonths(1) + (risen.Until - risen.From)), await GivenAsync(low));
        await RefundAsync(high, paid.AddDays(6), RefundStatus.Succeeded);
        Assert.Equal("professional", await TierAsync(customer));
        Assert.Equal((paid, paid.AddMonths(1).AddDays(2)), await GivenAsync(low));
        await RefundAsync(high, paid.AddDays(6), RefundStatus.Failed); // it came back: it buys again
        Assert.Equal(("enterprise", risen), (await TierAsync(customer), await GivenAsync(high)));
    }

    [Fact]
    public async Task The_first_of_two_given_back_or_lost_lets_the_second_begin_then()
    {
        foreach (var lost in (bool[])[false, true])
        {
            var (customer, first, second) = await TwoAsync("professional", "professional");
            await PaidAsync(first, paid);
            await PaidAsync(second, paid.AddDays(1));
            var at = paid.AddDays(5);
            if (lost) Assert.True(await app.TakeAsync(new DisputeStands("flutterwave", at, true, $"dp_{first:N}", Reference(first), Taken(first), Price, "fraudulent", "lost", null, paid.AddDays(2), at, null)));
            else await RefundAsync(first, at, RefundStatus.Succeeded);
            Assert.Equal((at, at.AddMonths(1)), await GivenAsync(second));
            Assert.Equal("professional", await TierAsync(customer));
        }
    }

    private async Task<(Guid Customer, Guid First, Guid Second)> TwoAsync(string first, string second)
    {
        var customer = Guid.CreateVersion7();
        await using (var work = await app.Database.BeginAsync(app.Tenant, CancellationToken.None))
        {
            await work.ExecuteAsync("insert into customers (id, tenant_id, email, test, created_at, updated_at) values (@customer, @Tenant, @email, true, @Now, @Now)", new { customer, work.Tenant, work.Now, email = $"{customer:N}@example.com" });
            await work.CommitAsync(CancellationToken.None);
        }
        return (customer, await app.DecidedAsync("flutterwave", null, Price, "upgrade", customer, first), await app.DecidedAsync("flutterwave", null, Price, "upgrade", customer, second));
    }

    private async Task PaidAsync(Guid payment, DateTimeOffset at) => Assert.True(await app.TakeAsync(new MoneyArrived("flutterwave", at, true, Reference(payment), payment, Taken(payment), Price)));

    private async Task RefundAsync(Guid payment, DateTimeOffset at, RefundStatus status) =>
        Assert.True(await app.TakeAsync(new RefundStands("flutterwave", at, true, $"re_{payment:N}", Reference(payment), Taken(payment), null, Price, status, null)));

    private static string Reference(Guid payment) => $"tx_{payment:N}";

    private static string Taken(Guid payment) => $"taken_{payment:N}";

    private Task<string?> TierAsync(Guid customer) => app.ReadAsync<string>("select tier from customers where id = @customer", new { customer });

    private async Task<(DateTimeOffset From, DateTimeOffset Until)> GivenAsync(Guid payment) => await app.ReadAsync<(DateTimeOffset, DateTimeOffset)>("select starts_at, ends_at from entitlements where source_id = @payment", new { payment });
}
