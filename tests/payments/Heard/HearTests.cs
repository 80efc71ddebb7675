using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Contracts;
using Empire.Payments.Heard;
using Empire.Payments.Tests.Ledger;
using Empire.Testing;

namespace Empire.Payments.Tests.Heard;

/// <summary>Money that other services tell of becomes entries.</summary>
public sealed class HearTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    [Fact]
    public async Task Every_fact_on_the_bus_is_kept_and_booked_once()
    {
        var books = new Books(app);
        var (cost, conversion) = (books.Cost(0.0423m), books.Conversion(network: "CJ Affiliate"));
        var taken = books.Conversion(1m);
        await books.TellAsync(cost, cost, conversion, taken, Books.Reversal(taken),
            new AdRevenueReported { TenantId = books.Tenant.Value, AdRevenueId = Guid.CreateVersion7(), Network = "adsense", Micros = 7_100_000, Currency = "EUR", Description = "A day", Test = true, OccurredAt = Books.Day },
            new SponsoredIncomeRecorded { TenantId = books.Tenant.Value, SponsoredIncomeId = Guid.CreateVersion7(), Sponsor = "Acme", Micros = 250_000_000, Currency = "USD", Description = "A placement", Test = true, OccurredAt = Books.Day },
            new LeadConverted { TenantId = books.Tenant.Value, LeadConversionId = Guid.CreateVersion7(), LeadId = Guid.CreateVersion7(), Micros = 500_000_000, Currency = "USD", Test = true, OccurredAt = Books.Day });
        await Eventually.EqualAsync(7L, () => books.SeeAsync<long>("select count(*) from ledger_entries where tenant_id = @tenant"));

        Assert.Equal(0.0423m, await books.BalanceAsync("cost:llm"));
        Assert.Equal(-0.0423m, await books.BalanceAsync("payable:llm"));
        Assert.Equal(3.99m, await books.BalanceAsync("receivable:cj-affiliate"));
        Assert.Equal(0m, await books.BalanceAsync("receivable:meadow"));
        Assert.Equal(-3.99m, await books.BalanceAsync("revenue:affiliate"));
        Assert.Equal(7.10m, await books.BalanceAsync("receivable:adsense", "EUR"));
        Assert.Equal(-7.10m, await books.BalanceAsync("revenue:ads", "EUR"));
        Assert.Equal(-250m, await books.BalanceAsync("revenue:sponsored"));
        Assert.Equal(-500m, await books.BalanceAsync("revenue:lead"));
        Assert.Equal(7L, await books.SeeAsync<long>("select count(*) from heard_events where tenant_id = @tenant"));
        Assert.Equal("tokens", await books.SeeAsync<string>("select payload->>'description' from heard_events where tenant_id = @tenant and kind = 'CostIncurred'"));
    }

    [Fact]
    public async Task A_reversal_heard_before_its_conversion_ends_in_the_same_books()
    {
        var (first, late) = (new Books(app), new Books(app));
        var conversion = first.Conversion(on: new() { Niche = "baking" });
        await first.HearAsync(new HearConversions(), conversion);
        await first.HearAsync(new HearReversals(), Books.Reversal(conversion));
        var same = conversion with { TenantId = late.Tenant.Value };
        await late.HearAsync(new HearReversals(), Books.Reversal(same));
        Assert.Equal(0L, await late.SeeAsync<long>("select count(*) from ledger_entries where tenant_id = @tenant"));
        await late.HearAsync(new HearReversals(), Books.Reversal(same));
        await late.HearAsync(new HearConversions(), same);
        await late.HearAsync(new HearConversions(), same);
        foreach (var books in (Books[])[first, late])
        {
            Assert.Equal(0m, await books.BalanceAsync("receivable:meadow"));
            Assert.Equal(0m, await books.BalanceAsync("revenue:affiliate"));
            Assert.Equal(2L, await books.SeeAsync<long>("select count(*) from ledger_entries where tenant_id = @tenant and niche = 'baking'"));
        }
    }

    [Fact]
    public async Task Conversion_and_reversal_at_the_same_moment_miss_each_other_never()
    {
        var books = new Books(app);
        for (var i = 0; i < 10; i++)
        {
            var conversion = books.Conversion(1m + i);
            await Task.WhenAll(books.HearAsync(new HearConversions(), conversion), books.HearAsync(new HearReversals(), Books.Reversal(conversion)));
        }
        Assert.Equal(20L, await books.SeeAsync<long>("select count(*) from ledger_entries where tenant_id = @tenant"));
        Assert.Equal(0m, await books.BalanceAsync("receivable:meadow"));
    }

    [Fact]
    public async Task A_fact_without_money_is_kept_and_moves_nothing()
    {
        var books = new Books(app);
        var conversion = books.Conversion(0m);
        await books.HearAsync(new HearConversions(), conversion);
        await books.HearAsync(new HearReversals(), Books.Reversal(conversion));
        Assert.Equal(2L, await books.SeeAsync<long>("select count(*) from heard_events where tenant_id = @tenant"));
        Assert.Equal(0L, await books.SeeAsync<long>("select count(*) from ledger_entries where tenant_id = @tenant"));
    }

    [Theory]
    [InlineData("update heard_events set payload = '{}'")]
    [InlineData("delete from heard_events")]
    [InlineData("truncate heard_events")]
    public async Task Nobody_who_runs_may_alter_what_was_heard(string sql)
    {
        await using var work = await app.Database.BeginAsync(app.Tenant, CancellationToken.None);
        Assert.Equal("42501", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => work.ExecuteAsync(sql))).SqlState);
        await using var system = await app.Database.BeginSystemAsync(CancellationToken.None);
        Assert.Equal("42501", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => system.ExecuteAsync(sql))).SqlState);
    }

    [Fact]
    public async Task Income_entered_by_a_person_is_booked_once_under_its_idempotency_key()
    {
        var books = new Books(app);
        using var answer = await EnterAsync(books, "k-1", new { source = "ads", amount = 12.345678m, payer = "AdSense", description = "October", occurred_at = Books.Day, niche = "baking" });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var entry = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal($"/api/v1/ledger/entries/{entry.GetProperty("id").GetString()}", answer.Headers.Location!.ToString());
        Assert.Equal(12.345678m, await books.BalanceAsync("receivable:adsense"));

        await books.SeeAsync<object>("delete from kernel.idempotency where tenant_id = @tenant"); // as after a crash before the answer was kept
        using var again = await EnterAsync(books, "k-1", new { source = "ads", amount = 12.345678m, payer = "AdSense", description = "October" });
        Assert.Equal(entry.GetProperty("id").GetString(), (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString());
        await books.SeeAsync<object>("delete from kernel.idempotency where tenant_id = @tenant");
        using var other = await EnterAsync(books, "k-1", new { source = "ads", amount = 13m, payer = "AdSense", description = "October" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);

        using var back = await EnterAsync(books, "k-2", new { source = "ads", amount = -0.345678m, payer = "AdSense", description = "Corrected" });
        Assert.Equal(12m, await books.BalanceAsync("receivable:adsense"));
        using var sponsor = await EnterAsync(books, null, new { source = "sponsored", amount = 5, payer = "Acme", description = "A post", currency = "EUR" });
        Assert.Equal(-5m, await books.BalanceAsync("revenue:sponsored", "EUR"));
    }

    [Theory]
    [InlineData("""{"source":"gift","amount":1,"payer":"x","description":"x"}""", "source")]
    [InlineData("""{"source":"ads","amount":0,"payer":"x","description":"x"}""", "amount")]
    [InlineData("""{"source":"ads","amount":0.0000001,"payer":"x","description":"x"}""", "amount")]
    [InlineData("""{"source":"ads","amount":1,"payer":"","description":"x"}""", "payer")]
    [InlineData("""{"source":"ads","amount":1,"payer":"x","description":"x","currency":"ABC"}""", "currency")]
    public async Task Income_that_cannot_be_is_refused_by_field(string body, string field)
    {
        var books = new Books(app);
        using var answer = await books.Client.PostAsync("/api/v1/ledger/income", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(field, out _), await answer.Content.ReadAsStringAsync());
    }

    private static async Task<HttpResponseMessage> EnterAsync(Books books, string? key, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/ledger/income") { Content = JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await books.Client.SendAsync(request);
    }
}
