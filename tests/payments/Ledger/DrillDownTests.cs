using System.Text.Json;
using Empire.Payments.Heard;
using Empire.Payments.Ledger;

namespace Empire.Payments.Tests.Ledger;

/// <summary>Every number opens down: the entries at the address beside a figure, or by the names it is shown under, add up to it.</summary>
public sealed class DrillDownTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    private static readonly string[] Currencies = ["USD", "EUR", "JPY"];

    /// <summary>Books of any mixture: with and without each part of the lineage, in three currencies, tried and real, over a week.</summary>
    private static async Task<Books> MixedAsync(PaymentsApp app, int seed)
    {
        var (books, dice) = (new Books(app), new Random(seed));
        var (pieces, products) = (Ids(3), Ids(2));
        string[] niches = ["kitchen & bath", "trail running", "kaffee=gut?", "unattributed"], platforms = ["blog", "x"], prompts = ["blog_post@1", "social_post@2"];
        var publications = Ids(3);
        foreach (var (piece, at) in pieces.SkipLast(1).Select((piece, at) => (piece, at))) // of the last nobody has told yet
        {
            await books.HearAsync(new HearPieces(), new() { TenantId = books.Tenant.Value, PieceId = piece, Kind = "article", Title = "Any", ProductId = products[at], Niche = niches[at], Platform = "blog", PromptVersion = prompts[at], Test = true, OccurredAt = Books.Day });
            await books.HearAsync(new HearPublications(), new() { TenantId = books.Tenant.Value, PublicationId = publications[at], PieceId = piece, Channel = "x", Url = "https://x.example", PromptVersion = prompts[at], Test = true, OccurredAt = Books.Day });
        }
        await books.PostAsync([.. Enumerable.Range(0, 120).Select(number =>
        {
            var on = new Lineage { PieceId = Id(pieces), PublicationId = Id(publications), ProductId = Id(products), Niche = Maybe(niches), Platform = Maybe(platforms), PromptVersion = Maybe(prompts) };
            var amount = new Money(dice.NextInt64(1, 500_000_000), Currency.Parse(Currencies[dice.Next(Currencies.Length)]));
            var (debit, credit) = dice.Next(6) switch
            {
                0 => (Accounts.Cost("llm"), Accounts.Payable("llm")),
                1 => (Accounts.Fee("stripe"), Accounts.Cash("stripe")),
                2 => (Accounts.Refunds, Accounts.Cash("stripe")),
                3 => (Accounts.Revenue("affiliate"), Accounts.Receivable("meadow")),   // taken back
                4 => (Accounts.Bank, Accounts.Receivable("meadow")),
                _ => (Accounts.Cash("stripe"), Accounts.Revenue("sales")),
            };
            return new Booking($"any:{number}", Books.Day.AddMinutes(dice.Next(7 * 24 * 60)), "Any", dice.Next(2) == 0, on, [new(debit, amount), new(credit, -amount)]);
        })]);
        return books;

        Guid[] Ids(int count) => [.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7())];
        Guid? Id(Guid[] from) => dice.Next(3) == 0 ? null : from[dice.Next(from.Length)];
        string? Maybe(string[] from) => dice.Next(3) == 0 ? null : from[dice.Next(from.Length)];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2026)]
    public async Task Each_row_and_total_of_the_profit_is_what_its_entries_add_up_to(int seed)
    {
        var books = await MixedAsync(app, seed);
        var opened = 0;
        foreach (var by in (string[])["piece", "product", "niche", "platform", "prompt_version"])
            foreach (var narrowed in (string[])["", "&test=true", "&from=2026-11-21&to=2026-11-23&test=false"])
                foreach (var own in (await books.GetAsync($"/api/v1/ledger/profit?by={by}{narrowed}")).GetProperty("currencies").EnumerateArray())
                    foreach (var row in own.GetProperty("rows").EnumerateArray().Append(own.GetProperty("total")))
                    {
                        var lines = await LinesAsync(books, row.GetProperty("entries").GetString()!);
                        decimal Sum(Func<string, bool> which) => lines.Where(line => line.Currency == own.GetProperty("currency").GetString() && which(line.Account)).Sum(line => line.Amount);
                        var (revenue, refunds, cost) = (
                            -Sum(account => account.StartsWith("revenue:", StringComparison.Ordinal) && account != Accounts.Refunds), Sum(account => account == Accounts.Refunds),
                            Sum(account => account.StartsWith("cost:", StringComparison.Ordinal) || account.StartsWith("fee:", StringComparison.Ordinal)));
                        Assert.Equal((Figure(row, "revenue"), Figure(row, "refunds"), Figure(row, "cost"), Figure(row, "profit")), (revenue, refunds, cost, revenue - refunds - cost));
                        opened++;
                    }
        Assert.True(opened > 100, $"Only {opened} figures were opened.");
    }

    [Fact]
    public async Task Each_account_and_each_row_of_the_trial_balance_is_what_its_entries_add_up_to()
    {
        var books = await MixedAsync(app, 7);
        foreach (var account in (await books.GetAsync("/api/v1/ledger/accounts")).GetProperty("data").EnumerateArray())
        {
            var lines = (await LinesAsync(books, account.GetProperty("entries").GetString()!)).Where(line => line.Account == account.GetProperty("name").GetString() && line.Currency == account.GetProperty("currency").GetString()).ToList();
            Assert.Equal((Figure(account, "balance"), account.GetProperty("lines").GetInt32()), (lines.Sum(line => line.Amount), lines.Count));
        }
        foreach (var narrowed in (string[])["", "test=true", $"at={Uri.EscapeDataString(Books.Day.AddDays(3).ToString("O"))}", $"test=false&at={Uri.EscapeDataString(Books.Day.AddDays(2).ToString("O"))}"])
            foreach (var own in (await books.GetAsync($"/api/v1/ledger/trial-balance?{narrowed}")).GetProperty("currencies").EnumerateArray())
                foreach (var row in own.GetProperty("accounts").EnumerateArray())
                {
                    var (account, currency) = (row.GetProperty("account").GetString()!, own.GetProperty("currency").GetString()!);
                    var lines = (await LinesAsync(books, $"/api/v1/ledger/entries?account={Uri.EscapeDataString(account)}&currency={currency}&{narrowed}")).Where(line => line.Account == account && line.Currency == currency).ToList();
                    Assert.Equal((Figure(row, "debit"), Figure(row, "credit")), (lines.Where(line => line.Amount > 0).Sum(line => line.Amount), -lines.Where(line => line.Amount < 0).Sum(line => line.Amount)));
                }
    }

    private static decimal Figure(JsonElement row, string name) => row.GetProperty(name).GetDecimal();

    /// <summary>Of all pages; a debit is positive.</summary>
    private static async Task<List<(string Account, string Currency, decimal Amount)>> LinesAsync(Books books, string path)
    {
        List<(string, string, decimal)> lines = [];
        for (string? cursor = ""; ;)
        {
            var page = await books.GetAsync($"{path.TrimEnd('&')}&limit=100{(cursor.Length == 0 ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            foreach (var line in page.GetProperty("data").EnumerateArray().SelectMany(entry => entry.GetProperty("lines").EnumerateArray()))
                lines.Add((line.GetProperty("account").GetString()!, line.GetProperty("currency").GetString()!, Side(line, "debit") - Side(line, "credit")));
            if ((cursor = page.GetProperty("next_cursor").GetString()) is null) return lines;
        }

        static decimal Side(JsonElement line, string side) => line.GetProperty(side) is { ValueKind: JsonValueKind.Number } amount ? amount.GetDecimal() : 0;
    }
}
