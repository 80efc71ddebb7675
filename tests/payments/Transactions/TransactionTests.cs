using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Payments.Heard;
using Empire.Payments.Ledger;
using Empire.Payments.Tests.Ledger;

namespace Empire.Payments.Tests.Transactions;

/// <summary>Income by source, and its way to the bank.</summary>
public sealed class TransactionTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    [Fact]
    public async Task A_conversion_is_pending_until_it_is_confirmed_and_paid_to_the_bank()
    {
        var books = new Books(app);
        var piece = Guid.CreateVersion7();
        await books.HearAsync(new HearConversions(), books.Conversion(3.99m, new() { PieceId = piece }));
        var transaction = Assert.Single((await books.GetAsync("/api/v1/revenue/transactions")).GetProperty("data").EnumerateArray());
        Assert.Equal(("affiliate", 3.99m, "USD", "pending", piece), (transaction.GetProperty("source").GetString(), transaction.GetProperty("amount").GetDecimal(), transaction.GetProperty("currency").GetString(),
            transaction.GetProperty("status").GetString(), transaction.GetProperty("related_item_id").GetGuid()));
        Assert.Equal(Books.Day, transaction.GetProperty("date_transaction").GetDateTimeOffset());
        var id = transaction.GetProperty("id").GetString()!;

        Assert.Equal("TRANSACTION_NOT_CONFIRMED", await RefusedAsync(books, id, "pay"));
        Assert.Equal("confirmed", await MovedAsync(books, id, "confirm"));
        Assert.Equal("TRANSACTION_MOVED", await RefusedAsync(books, id, "confirm"));
        Assert.Equal(0m, await books.BalanceAsync(Accounts.Bank));
        Assert.Equal("paid", await MovedAsync(books, id, "pay"));
        Assert.Equal("TRANSACTION_MOVED", await RefusedAsync(books, id, "pay"));
        Assert.Equal("TRANSACTION_MOVED", await RefusedAsync(books, id, "confirm"));
        Assert.Equal((3.99m, 0m, -3.99m), (await books.BalanceAsync(Accounts.Bank), await books.BalanceAsync("receivable:meadow"), await books.BalanceAsync("revenue:affiliate")));
        Assert.Equal("paid", Assert.Single((await books.GetAsync("/api/v1/revenue/transactions?source=affiliate")).GetProperty("data").EnumerateArray()).GetProperty("status").GetString());
        Assert.Equal(2, (await books.GetAsync($"/api/v1/ledger/entries?piece_id={piece}")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Paying_twice_at_the_same_moment_moves_the_money_once()
    {
        var books = new Books(app);
        await books.HearAsync(new HearConversions(), books.Conversion(10m));
        var id = (await books.GetAsync("/api/v1/revenue/transactions")).GetProperty("data")[0].GetProperty("id").GetString()!;
        await MovedAsync(books, id, "confirm");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => books.Client.PostAsync($"/api/v1/revenue/transactions/{id}/pay", null)));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        Assert.Equal(10m, await books.BalanceAsync(Accounts.Bank));
    }

    [Fact]
    public async Task What_was_taken_back_is_not_waited_for_and_what_was_paid_goes_back()
    {
        var books = new Books(app);
        var (unpaid, paid) = (books.Conversion(1m), books.Conversion(2m));
        await books.HearAsync(new HearConversions(), unpaid);
        await books.HearAsync(new HearConversions(), paid);
        var paidId = await IdAsync(books, 2m);
        await MovedAsync(books, paidId, "confirm");
        await MovedAsync(books, paidId, "pay");
        await books.HearAsync(new HearReversals(), Books.Reversal(unpaid));
        await books.HearAsync(new HearReversals(), Books.Reversal(paid));
        Assert.Equal("TRANSACTION_REVERSED", await RefusedAsync(books, await IdAsync(books, 1m), "confirm"));
        Assert.Equal("NOTHING_TO_PAY", await RefusedAsync(books, await IdAsync(books, -1m), "pay"));
        Assert.Equal("paid", await MovedAsync(books, await IdAsync(books, -2m), "pay"));
        Assert.Equal((0m, 0m), (await books.BalanceAsync(Accounts.Bank), await books.BalanceAsync("receivable:meadow")));
    }

    [Fact]
    public async Task Five_sources_are_income_and_each_can_be_asked_for()
    {
        var books = new Books(app);
        foreach (var source in (string[])["affiliate", "ads", "sponsored", "lead"])
            await books.PostAsync(new Booking($"x:{source}", Books.Day, "x", true, Lineage.None, [new(Accounts.Receivable("x"), Money.Of(1, Currency.Usd)), new(Accounts.Revenue(source), Money.Of(-1, Currency.Usd))]));
        await books.PostAsync(Books.Sale("no transaction", 97), new Booking("sub", Books.Day, "A month", true, Lineage.None,
            [new(Accounts.Cash("stripe"), Money.Of(49, Currency.Usd)), new(Accounts.Revenue("subscription"), Money.Of(-49, Currency.Usd))]));
        var all = (await books.GetAsync("/api/v1/revenue/transactions")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(["ads", "affiliate", "lead", "sponsored", "subscription"], all.Select(row => row.GetProperty("source").GetString()!).Order());
        Assert.Equal("paid", Assert.Single((await books.GetAsync("/api/v1/revenue/transactions?source=subscription")).GetProperty("data").EnumerateArray()).GetProperty("status").GetString());
        var first = await books.GetAsync("/api/v1/revenue/transactions?limit=3");
        var rest = await books.GetAsync($"/api/v1/revenue/transactions?limit=3&cursor={first.GetProperty("next_cursor").GetString()}");
        Assert.Equal((3, 2), (first.GetProperty("data").GetArrayLength(), rest.GetProperty("data").GetArrayLength()));
        using var gift = await books.Client.GetAsync("/api/v1/revenue/transactions?source=gift");
        Assert.Equal(HttpStatusCode.BadRequest, gift.StatusCode);
        using var unknown = await books.Client.PostAsync($"/api/v1/revenue/transactions/txn_{Guid.CreateVersion7():N}/confirm", null);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private static async Task<string> IdAsync(Books books, decimal amount) => (await books.GetAsync("/api/v1/revenue/transactions")).GetProperty("data").EnumerateArray()
        .Single(row => row.GetProperty("amount").GetDecimal() == amount).GetProperty("id").GetString()!;

    private static async Task<string> MovedAsync(Books books, string id, string step)
    {
        using var answer = await books.Client.PostAsync($"/api/v1/revenue/transactions/{id}/{step}", null);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString()!;
    }

    private static async Task<string> RefusedAsync(Books books, string id, string step)
    {
        using var answer = await books.Client.PostAsync($"/api/v1/revenue/transactions/{id}/{step}", null);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()!;
    }
}
