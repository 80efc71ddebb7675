using Dapper;
using Empire.Payments.Ledger;

namespace Empire.Payments.Tests.Ledger;

/// <summary>How a fact becomes an entry.</summary>
public sealed class BookTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    [Fact]
    public async Task A_cause_books_once_however_often_and_concurrently_it_is_posted()
    {
        var booking = Sale("stripe:charge:ch_once:captured", 97m);
        var posted = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostAsync(booking)));
        Assert.Single(posted, true);
        Assert.Equal((97_000_000L, 0L, 1L), await BalanceAsync("cash:once"));
    }

    [Fact]
    public async Task What_does_not_balance_in_each_currency_is_refused()
    {
        var lame = Sale("stripe:charge:ch_lame:captured", 97m);
        await Assert.ThrowsAsync<ArgumentException>(() => PostAsync(lame with { Lines = [lame.Lines[0]] }));
        await Assert.ThrowsAsync<ArgumentException>(() => PostAsync(lame with { Lines = [lame.Lines[0], new(Accounts.Revenue("sales"), Money.Of(-97m, Currency.Eur))] }));
        await Assert.ThrowsAsync<ArgumentException>(() => PostAsync(lame with { Lines = [.. lame.Lines, new(Accounts.Bank, Money.Zero(Currency.Usd))] }));
    }

    [Fact]
    public async Task Bookings_of_one_account_do_not_wait_for_each_others_commit()
    {
        var (day, count) = (new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero), 5);
        await using var first = await app.Database.BeginAsync(app.Tenant, CancellationToken.None);
        Assert.Equal(count, await Book.PostAllAsync(first, [.. Enumerable.Range(0, count).Select(i => Hot($"hot:first:{i}", day))], CancellationToken.None));
        await using var second = await app.Database.BeginAsync(app.Tenant, CancellationToken.None);
        await second.ExecuteAsync("set local lock_timeout = '2s'"); // only to fail rather than hang
        Assert.Equal(count, await Book.PostAllAsync(second, [.. Enumerable.Range(0, count).Select(i => Hot($"hot:second:{i}", day)), Hot("hot:second:0", day)], CancellationToken.None));
        await second.CommitAsync(CancellationToken.None);
        await first.CommitAsync(CancellationToken.None);
        Assert.Equal((100_000_000L, 0L, 10L), await BalanceAsync("cash:hot"));

        static Booking Hot(string cause, DateTimeOffset at) => new(cause, at, "Hot", Test: true, Lineage.None,
            [new("cash:hot", Money.Of(10m, Currency.Usd)), new(Accounts.Revenue("sales"), Money.Of(-10m, Currency.Usd))]);
    }

    [Theory]
    [InlineData("update ledger_entries set description = ''")]
    [InlineData("delete from ledger_entries")]
    [InlineData("update ledger_lines set micros = 1")]
    [InlineData("delete from ledger_lines")]
    [InlineData("delete from ledger_balances")]
    public async Task Nobody_who_runs_may_alter_or_remove_what_is_booked(string sql)
    {
        await using var work = await app.Database.BeginAsync(app.Tenant, CancellationToken.None);
        Assert.Equal("42501", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => work.ExecuteAsync(sql))).SqlState);
        await using var system = await app.Database.BeginSystemAsync(CancellationToken.None);
        Assert.Equal("42501", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => system.ExecuteAsync(sql))).SqlState);
    }

    private static Booking Sale(string cause, decimal amount) => new(cause, new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero), "A sale", Test: true, Lineage.None,
        [new("cash:once", Money.Of(amount, Currency.Usd)), new(Accounts.Revenue("sales"), Money.Of(-amount, Currency.Usd))]);

    private async Task<bool> PostAsync(Booking booking)
    {
        await using var work = await app.Database.BeginAsync(app.Tenant, CancellationToken.None);
        var posted = await Book.PostAsync(work, booking, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        return posted;
    }

    private async Task<(long Debit, long Credit, long Lines)> BalanceAsync(string account)
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        return await owner.QuerySingleAsync<(long, long, long)>(
            "select sum(debit_micros)::bigint, sum(credit_micros)::bigint, sum(lines)::bigint from ledger_balances where account = @account", new { account });
    }
}
