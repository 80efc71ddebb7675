using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Empire.Payments.Heard;
using Empire.Payments.Ledger;

namespace Empire.Payments.Tests.Ledger;

/// <summary>The books as their owner reads them.</summary>
public sealed class LedgerApiTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    [Fact]
    public async Task Entries_are_listed_newest_first_by_page_and_opened_by_id()
    {
        var books = new Books(app);
        await books.PostAsync([.. Enumerable.Range(0, 7).Select(i => Books.Sale($"sale:{i}", 10 + i, at: Books.Day.AddHours(i / 2)))]);
        foreach (var path in (string[])["/api/v1/ledger/entries?limit=3", "/api/v1/ledger/entries?limit=3&account=cash:stripe", "/api/v1/ledger/entries?limit=3&source=sales"])
        {
            List<string> causes = [];
            string? cursor = null;
            do
            {
                var page = await books.GetAsync(path + (cursor is null ? "" : $"&cursor={cursor}"));
                causes.AddRange(page.GetProperty("data").EnumerateArray().Select(entry => entry.GetProperty("cause").GetString()!));
                cursor = page.GetProperty("next_cursor").GetString();
            }
            while (cursor is not null);
            Assert.Equal(7, causes.Distinct().Count());
            Assert.Equal("sale:6", causes[0]);
            Assert.Equal(["sale:0", "sale:1"], causes[5..].Order());
        }
        var first = (await books.GetAsync("/api/v1/ledger/entries?limit=1")).GetProperty("data")[0];
        var opened = await books.GetAsync($"/api/v1/ledger/entries/{first.GetProperty("id").GetString()}");
        Assert.Equal(first.GetRawText(), opened.GetRawText());
        Assert.Equal(["cash:stripe", "revenue:sales"], opened.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("account").GetString()!));
        Assert.Equal((16m, 16m), (opened.GetProperty("lines")[0].GetProperty("debit").GetDecimal(), opened.GetProperty("lines")[1].GetProperty("credit").GetDecimal()));
        using var unknown = await books.Client.GetAsync($"/api/v1/ledger/entries/ent_{Guid.CreateVersion7():N}");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Each_filter_finds_its_entries()
    {
        var books = new Books(app);
        var lineage = new Lineage { PieceId = Guid.CreateVersion7(), PublicationId = Guid.CreateVersion7(), ProductId = Guid.CreateVersion7(), CustomerId = Guid.CreateVersion7(), PaymentId = Guid.CreateVersion7(), Niche = "bread", Platform = "blog", PromptVersion = "blog_post@1" };
        await books.PostAsync(
            Books.Sale("a:1", 1, lineage), Books.Sale("b:2", 2, currency: "EUR", at: Books.Day.AddDays(-1)), Books.Sale("c:3", 3) with { Test = false },
            new("d:4", Books.Day, "Spent", true, Lineage.None, [new("cost:llm", Money.Of(1, Currency.Usd)), new("payable:llm", Money.Of(-1, Currency.Usd))]));
        await FindsAsync("account=cost:llm", "d:4");
        await FindsAsync("account=cash:stripe&currency=EUR", "b:2");
        await FindsAsync("cause=a:", "a:1");
        await FindsAsync($"piece_id={lineage.PieceId}", "a:1");
        await FindsAsync($"publication_id={lineage.PublicationId}", "a:1");
        await FindsAsync($"product_id={lineage.ProductId}", "a:1");
        await FindsAsync($"piece_id={PublicId.Format("piece", lineage.PieceId!.Value)}", "a:1");
        await FindsAsync($"publication_id={PublicId.Format("pub", lineage.PublicationId!.Value)}", "a:1");
        await FindsAsync($"product_id={PublicId.Format("prod", lineage.ProductId!.Value)}", "a:1");
        await FindsAsync($"customer_id={PublicId.Format("cust", lineage.CustomerId!.Value)}", "a:1");
        await FindsAsync($"payment_id={PublicId.Format("pay", lineage.PaymentId!.Value)}", "a:1");
        await FindsAsync($"payment_id={PublicId.Format("tx", lineage.PaymentId!.Value)}", "a:1");
        await FindsAsync("niche=bread", "a:1");
        await FindsAsync("platform=blog", "a:1");
        await FindsAsync("prompt_version=blog_post@1", "a:1");
        foreach (var lacks in (string[])["piece_id", "publication_id", "product_id", "niche", "platform", "prompt_version"]) await FindsAsync($"{lacks}=unattributed", "b:2", "c:3", "d:4");
        await FindsAsync("at=2026-11-19T23:00:00Z", "b:2");
        await FindsAsync("source=sales", "a:1", "b:2", "c:3");
        await FindsAsync("source=sales&from=2026-11-20&test=true", "a:1");
        await FindsAsync("to=2026-11-19", "b:2");
        await FindsAsync("from=2026-11-20&to=2026-11-20", "a:1", "c:3", "d:4");
        await FindsAsync("currency=EUR", "b:2");
        await FindsAsync("test=false", "c:3");
        await FindsAsync("account=cash:paypal");

        async Task FindsAsync(string query, params string[] causes) => Assert.Equal(causes, (await books.GetAsync($"/api/v1/ledger/entries?{query}")).GetProperty("data")
            .EnumerateArray().Select(entry => entry.GetProperty("cause").GetString()!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("entries?currency=ABC", "currency")]
    [InlineData("entries?account=cash:stripe&source=sales", "source")]
    [InlineData("entries?payment_id=cust_1", "payment_id")]
    [InlineData("entries?customer_id=pay_0199f3a17c5b7d3e8a4b5c6d7e8f9021", "customer_id")]
    [InlineData("entries?piece_id=some", "piece_id")]
    [InlineData("entries?piece=x", "piece")]
    [InlineData("entries?from=2026-11-20&to=2026-11-19", "from")]
    [InlineData("entries?limit=0", "limit")]
    [InlineData("profit?by=sponsor", "by")]
    [InlineData("profit?by=niche&base=ABC", "base")]
    [InlineData("trial-balance?base=ABC", "base")]
    [InlineData("export?format=xml", "format")]
    public async Task A_question_that_makes_no_sense_is_refused_by_field(string path, string field)
    {
        using var answer = await new Books(app).Client.GetAsync($"/api/v1/ledger/{path}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(field, out _), await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_account_opens_down_to_its_entries()
    {
        var books = new Books(app);
        await books.PostAsync(Books.Sale("a", 97), Books.Sale("b", 10), Books.Sale("c", 5, currency: "EUR"), Books.Sale("d", 7) with { Test = false });
        var cash = (await books.GetAsync("/api/v1/ledger/accounts")).GetProperty("data").EnumerateArray()
            .Single(row => row.GetProperty("name").GetString() == "cash:stripe" && row.GetProperty("currency").GetString() == "USD" && row.GetProperty("test").GetBoolean());
        Assert.Equal(("asset", 107m, 0m, 107m, 2L), (cash.GetProperty("type").GetString(), cash.GetProperty("debit").GetDecimal(), cash.GetProperty("credit").GetDecimal(), cash.GetProperty("balance").GetDecimal(), cash.GetProperty("lines").GetInt64()));
        var entries = (await books.GetAsync(cash.GetProperty("entries").GetString()!)).GetProperty("data");
        Assert.Equal(["a", "b"], entries.EnumerateArray().Select(entry => entry.GetProperty("cause").GetString()!).Order());
    }

    [Fact]
    public async Task The_trial_balance_is_zero_now_and_at_any_moment()
    {
        var books = new Books(app);
        await books.PostAsync(Books.Sale("a", 97), Books.Sale("b", 10.000001m, at: Books.Day.AddDays(2)), Books.Sale("c", 5, currency: "EUR"));
        var now = await books.GetAsync("/api/v1/ledger/trial-balance");
        Assert.Equal(["EUR", "USD"], now.GetProperty("currencies").EnumerateArray().Select(c => c.GetProperty("currency").GetString()!));
        var dollars = now.GetProperty("currencies")[1];
        Assert.Equal((107.000001m, 107.000001m, 0m), (dollars.GetProperty("debit").GetDecimal(), dollars.GetProperty("credit").GetDecimal(), dollars.GetProperty("difference").GetDecimal()));
        Assert.Equal(2, dollars.GetProperty("accounts").GetArrayLength());
        var then = await books.GetAsync($"/api/v1/ledger/trial-balance?at={Uri.EscapeDataString(Books.Day.AddDays(1).ToString("O"))}");
        Assert.Equal(97m, then.GetProperty("currencies")[1].GetProperty("debit").GetDecimal());
        var later = await books.GetAsync("/api/v1/ledger/trial-balance?at=2027-01-01T00:00:00Z");
        Assert.Equal(now.GetProperty("currencies").GetRawText(), later.GetProperty("currencies").GetRawText());
    }

    [Fact]
    public async Task Profit_of_each_key_sums_to_the_whole_and_what_lacks_lineage_is_named()
    {
        var books = new Books(app);
        var (bread, cake) = (new Lineage { Niche = "bread", PieceId = Guid.CreateVersion7(), PromptVersion = "blog_post@1" }, new Lineage { Niche = "cake" });
        var returned = books.Conversion(2m, bread);
        await books.HearAsync(new HearCosts(), books.Cost(0.25m, on: bread));
        await books.HearAsync(new HearCosts(), books.Cost(0.1m, "voice"));
        await books.HearAsync(new HearConversions(), books.Conversion(3.99m, bread));
        await books.HearAsync(new HearConversions(), returned);
        await books.HearAsync(new HearReversals(), Books.Reversal(returned));
        await books.PostAsync(
            Books.Sale("s", 97, cake),
            new("r", Books.Day, "Refund", true, cake, [new(Accounts.Refunds, Money.Of(30, Currency.Usd)), new(Accounts.Cash("stripe"), Money.Of(-30, Currency.Usd))]),
            new("f", Books.Day, "Fee", true, cake, [new(Accounts.Fee("stripe"), Money.Of(3.11m, Currency.Usd)), new(Accounts.Cash("stripe"), Money.Of(-3.11m, Currency.Usd))]));
        var report = await books.GetAsync("/api/v1/ledger/profit?by=niche");
        var dollars = report.GetProperty("currencies")[0];
        Assert.Equal([("cake", 97m, 30m, 3.11m, 63.89m), ("bread", 3.99m, 0m, 0.25m, 3.74m), ("unattributed", 0m, 0m, 0.1m, -0.1m)], dollars.GetProperty("rows").EnumerateArray().Select(Figures));
        Assert.Equal(("total", 100.99m, 30m, 3.46m, 67.53m), Figures(dollars.GetProperty("total")));
        Assert.True(report.GetProperty("test").GetBoolean());
        foreach (var by in (string[])["piece", "product", "platform", "prompt_version"])
            Assert.Equal(67.53m, (await books.GetAsync($"/api/v1/ledger/profit?by={by}")).GetProperty("currencies")[0].GetProperty("total").GetProperty("profit").GetDecimal());
        Assert.Empty((await books.GetAsync("/api/v1/ledger/profit?by=niche&test=false")).GetProperty("currencies").EnumerateArray());

        static (string, decimal, decimal, decimal, decimal) Figures(JsonElement row) => (row.GetProperty("key").GetString()!, row.GetProperty("revenue").GetDecimal(),
            row.GetProperty("refunds").GetDecimal(), row.GetProperty("cost").GetDecimal(), row.GetProperty("profit").GetDecimal());
    }

    [Fact]
    public async Task Reports_in_one_currency_take_the_rate_of_the_day_and_name_what_has_none()
    {
        var books = new Books(app);
        await books.PostAsync(
            Books.Sale("usd", 1), Books.Sale("eur", 10, currency: "EUR"), Books.Sale("eur later", 10, currency: "EUR", at: Books.Day.AddDays(1)),
            Books.Sale("ngn", 1500, currency: "NGN"), Books.Sale("jpy", 700, currency: "JPY"));
        using var set = await books.Client.PutAsJsonAsync("/api/v1/ledger/rates", new
        {
            rates = new object[]
            {
                new { @base = "EUR", quote = "USD", rate = 1.0833333m, date = "2026-11-20", source = "ECB" },
                new { @base = "EUR", quote = "USD", rate = 1.1m, date = "2026-11-21", source = "ECB" },
                new { @base = "USD", quote = "NGN", rate = 1500m, date = "2026-11-20", source = "CBN" },
            },
        });
        Assert.Equal(HttpStatusCode.NoContent, set.StatusCode);
        Assert.Equal([1.1m, 1500m, 1.0833333m], (await books.GetAsync("/api/v1/ledger/rates")).GetProperty("data").EnumerateArray().Select(rate => rate.GetProperty("rate").GetDecimal()));

        // 1 + 10.833333 + 11 + 1500 × round(1/1500, 15); the yen have no rate
        var balance = (await books.GetAsync("/api/v1/ledger/trial-balance?base=usd")).GetProperty("base");
        Assert.Equal((23.833333m, 0m), (balance.GetProperty("debit").GetDecimal(), balance.GetProperty("difference").GetDecimal()));
        var missing = Assert.Single(balance.GetProperty("without_rate").EnumerateArray());
        Assert.Equal("""{"currency":"JPY","days":["2026-11-20"]}""", missing.GetRawText());
        var profit = (await books.GetAsync("/api/v1/ledger/profit?by=niche&base=USD")).GetProperty("base");
        Assert.Equal(23.833333m, profit.GetProperty("total").GetProperty("profit").GetDecimal());
        Assert.Equal("JPY", Assert.Single(profit.GetProperty("without_rate").EnumerateArray()).GetProperty("currency").GetString());
    }

    [Fact]
    public async Task Revenue_is_summed_in_one_currency_with_each_beside_it_and_a_day_without_a_rate_is_named_and_in_no_sum()
    {
        var books = new Books(app);
        await books.PostAsync(
            Books.Sale("usd", 10), Books.Sale("eur", 10.01m, currency: "EUR"), Books.Sale("jpy", 701, currency: "JPY"), Books.Sale("gbp", 5, currency: "GBP"), Books.Sale("later", 99, at: Books.Day.AddDays(1)),
            new("back", Books.Day, "Refund", true, Lineage.None, [new(Accounts.Refunds, Money.Of(3, Currency.Usd)), new(Accounts.Cash("stripe"), Money.Of(-3, Currency.Usd))]));
        using var set = await books.Client.PutAsJsonAsync("/api/v1/ledger/rates", new
        {
            rates = new object[] { new { @base = "EUR", quote = "USD", rate = 1.0833333m, date = "2026-11-20", source = "ECB" }, new { @base = "USD", quote = "JPY", rate = 155.5m, date = "2026-11-20", source = "ECB" } },
        });
        Assert.Equal(HttpStatusCode.NoContent, set.StatusCode);
        var dollars = await books.GetAsync("/api/v1/ledger/summary?from=2026-11-20&to=2026-11-20");
        // 10 + 10.01 × 1.0833333 + 701 / 155.5 = 10 + 10.844166 + 4.508039
        Assert.Equal(("USD", 25.35m, 3m, 22.35m), (dollars.GetProperty("base").GetString(), dollars.GetProperty("revenue").GetDecimal(), dollars.GetProperty("refunds").GetDecimal(), dollars.GetProperty("net").GetDecimal()));
        Assert.Equal([("EUR", 10.01m, 10.84m), ("GBP", 5m, null), ("JPY", 701m, 4.51m), ("USD", 7m, 7m)], dollars.GetProperty("currencies").EnumerateArray()
            .Select(row => (row.GetProperty("currency").GetString(), row.GetProperty("amount").GetDecimal(), row.GetProperty("in_base") is { ValueKind: JsonValueKind.Number } number ? number.GetDecimal() : (decimal?)null)));
        Assert.Equal("""{"currency":"GBP","days":["2026-11-20"]}""", Assert.Single(dollars.GetProperty("without_rate").EnumerateArray()).GetRawText());
        Assert.Equal(["refunds", "sales"], dollars.GetProperty("sources").EnumerateArray().Select(row => row.GetProperty("source").GetString()));
        // a yen has no parts: 701 + 10 × 155.5 and no rate for the euro
        var yen = await books.GetAsync("/api/v1/ledger/summary?from=2026-11-20&to=2026-11-20&base=jpy");
        Assert.Equal((2256m, 467m, 1790m), (yen.GetProperty("revenue").GetDecimal(), yen.GetProperty("refunds").GetDecimal(), yen.GetProperty("net").GetDecimal())); // 466.5 and 1789.5, each rounded once
        Assert.Equal(["EUR", "GBP"], yen.GetProperty("without_rate").EnumerateArray().Select(row => row.GetProperty("currency").GetString()));
        using var wrong = await books.Client.GetAsync("/api/v1/ledger/summary?base=dollars");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Theory]
    [InlineData("""{"rates":[]}""", "rates")]
    [InlineData("""{"rates":[{"base":"EUR","quote":"EUR","rate":1,"date":"2026-11-20","source":"x"}]}""", "rates[0].quote")]
    [InlineData("""{"rates":[{"base":"EUR","quote":"USD","rate":0,"date":"2026-11-20","source":"x"}]}""", "rates[0].rate")]
    [InlineData("""{"rates":[{"base":"EUR","quote":"USD","rate":1,"date":"2026-11-20","source":"x"},{"base":"EUR","quote":"USD","rate":2,"date":"2026-11-20","source":"x"}]}""", "rates")]
    public async Task A_rate_that_cannot_be_is_refused_by_field(string body, string field)
    {
        using var answer = await new Books(app).Client.PutAsync("/api/v1/ledger/rates", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(field, out _), await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Only_owners_and_admins_set_rates()
    {
        using var member = app.ClientFor(app.Tenant, role: "member");
        using var answer = await member.PutAsJsonAsync("/api/v1/ledger/rates", new { rates = new[] { new { @base = "EUR", quote = "USD", rate = 1, date = "2026-11-20", source = "x" } } });
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task An_export_holds_every_line_and_no_formula()
    {
        var books = new Books(app);
        await books.PostAsync([Books.Sale("a", 97.5m) with { Description = "=cmd(\"x\"), a sale" }, .. Enumerable.Range(0, 700).Select(i => Books.Sale($"n:{i}", 1, at: Books.Day.AddSeconds(i + 1)))]);
        var csv = (await books.Client.GetStringAsync("/api/v1/ledger/export?format=csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1 + 701 * 2, csv.Length);
        Assert.StartsWith("entry_id,occurred_at,cause,description,test,position,account,currency,debit,credit", csv[0]);
        Assert.Contains(",2026-11-20T08:00:00.000000Z,a,\"'=cmd(\"\"x\"\"), a sale\",true,1,cash:stripe,USD,97.5,,", csv[1]);
        var json = await books.GetAsync("/api/v1/ledger/export?format=json");
        Assert.Equal(1402, json.GetArrayLength());
        Assert.Equal((97.5m, "cash:stripe", 1), (json[0].GetProperty("debit").GetDecimal(), json[0].GetProperty("account").GetString(), json[0].GetProperty("position").GetInt32()));
        Assert.Equal(0, (await books.GetAsync("/api/v1/ledger/export?format=json&from=2027-01-01")).GetArrayLength());
    }

    [Theory]
    [InlineData("=1+1"), InlineData("\t=1+1"), InlineData("\r=1+1"), InlineData("\n+1"), InlineData("＝1+1"), InlineData("＠SUM(1)")]
    public async Task A_text_that_a_spreadsheet_would_run_is_a_text_in_the_export(string text)
    {
        var books = new Books(app);
        await books.PostAsync(Books.Sale("a", 1) with { Description = text });
        Assert.Contains($"'{text}", await books.Client.GetStringAsync("/api/v1/ledger/export?format=csv"), StringComparison.Ordinal);
    }
}
