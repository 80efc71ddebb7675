using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Empire.Contracts;
using Empire.Payments.Ledger.Rebuilding;
using Empire.Payments.Tests.Ledger;
using Empire.Payments.Tests.Outside;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Payments.Tests.Heard;

/// <summary>Bills that no part of Empire knows of by itself.</summary>
public sealed class RecordCostTests(MarketApp app) : IClassFixture<MarketApp>
{
    [Fact]
    public async Task A_bill_is_booked_once_by_its_reference_and_told_to_all_who_reckon_with_costs()
    {
        var books = new Books(app);
        var bill = new { kind = "hosting", amount = 41.65m, payee = "Example Cloud", reference = "2026-118", description = "Servers", currency = "EUR", spent_on = "2026-03-31", niche = "kitchen" };
        var (status, entry) = await EnterAsync(books, bill);
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal((41.65m, -41.65m), (await books.BalanceAsync("cost:hosting", "EUR"), await books.BalanceAsync("payable:hosting", "EUR")));
        Assert.Equal("2026-03-31", entry.GetProperty("occurred_at").GetString()![..10]);

        var (again, same) = await EnterAsync(books, bill with { description = "Servers, once more" });
        Assert.Equal((HttpStatusCode.OK, entry.GetProperty("id").GetString()), (again, same.GetProperty("id").GetString()));
        var (otherwise, problem) = await EnterAsync(books, bill with { amount = 41.66m });
        Assert.Equal((HttpStatusCode.Conflict, "COST_RECORDED_OTHERWISE"), (otherwise, problem.GetProperty("code").GetString()));
        Assert.Equal(HttpStatusCode.Created, (await EnterAsync(books, bill with { reference = "2026-119" })).Status);
        Assert.Equal(83.30m, await books.BalanceAsync("cost:hosting", "EUR"));

        var told = await app.HeardAsync<CostIncurred>(fact => fact.TenantId == books.Tenant.Value);
        Assert.Equal([41_650_000L, 41_650_000L], told.Select(fact => fact.Micros));
        Assert.Equal(("hosting", "EUR", "kitchen"), (told[0].Category, told[0].Currency, told[0].Niche));
        var profit = (await books.GetAsync("/api/v1/ledger/profit?by=niche")).GetProperty("currencies")[0].GetProperty("total");
        Assert.Equal(-83.30m, profit.GetProperty("profit").GetDecimal());
    }

    [Fact]
    public async Task A_credit_note_takes_back_what_was_entered_too_high_under_a_reference_of_its_own()
    {
        var books = new Books(app);
        var bill = new { kind = "hosting", amount = 410.65m, payee = "Example Cloud", reference = "2026-118", description = "Servers", niche = "kitchen" };
        Assert.Equal(HttpStatusCode.Created, (await EnterAsync(books, bill)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await EnterAsync(books, bill with { amount = -369m })).Status); // the bill itself stands
        var (status, entry) = await EnterAsync(books, bill with { amount = -369m, reference = "2026-118 credit", description = "A decimal point" });
        Assert.True(status == HttpStatusCode.Created, entry.ToString());
        Assert.Equal((41.65m, -41.65m), (await books.BalanceAsync("cost:hosting"), await books.BalanceAsync("payable:hosting")));
        Assert.Equal(-41.65m, (await books.GetAsync("/api/v1/ledger/profit?by=niche")).GetProperty("currencies")[0].GetProperty("total").GetProperty("profit").GetDecimal());
        Assert.Equal([410_650_000L, -369_000_000L], (await app.HeardAsync<CostIncurred>(fact => fact.TenantId == books.Tenant.Value)).Select(fact => fact.Micros));
        Assert.True((await app.Services.GetRequiredService<Rebuild>().VerifyAsync(books.Tenant, CancellationToken.None)).Equal);
    }

    [Fact]
    public async Task A_bill_that_was_tried_is_booked_for_real_afterwards()
    {
        var books = new Books(app);
        var bill = new { kind = "hosting", amount = 41.65m, payee = "Example Cloud", reference = "2026-120", description = "Servers", test = true };
        Assert.Equal(HttpStatusCode.Created, (await EnterAsync(books, bill)).Status);
        Assert.Equal(HttpStatusCode.OK, (await EnterAsync(books, bill)).Status);
        var (status, entry) = await EnterAsync(books, bill with { test = false });
        Assert.Equal((HttpStatusCode.Created, false), (status, entry.GetProperty("test").GetBoolean()));
        Assert.Equal(HttpStatusCode.OK, (await EnterAsync(books, bill with { test = false })).Status);
        Assert.Equal(1L, await books.SeeAsync<long>("select count(*) from ledger_entries where tenant_id = @tenant and not test"));
    }

    [Theory]
    [InlineData("""{"source":"ads","amount":1,"payer":"x","description":"x","occurred_at":"2999-01-01T00:00:00Z"}""", "occurred_at")]
    [InlineData("""{"source":"ads","amount":1,"payer":"x","description":"x","occurred_at":"1999-12-31T23:59:59Z"}""", "occurred_at")]
    [InlineData("""{"source":"ads","amount":1,"payer":" ","description":"x"}""", "payer")]
    [InlineData("""{"source":"ads","amount":0,"payer":"x","description":"x"}""", "amount")]
    [InlineData("""{"source":"ads","amount":1,"payer":"x","description":"x\ny"}""", "description")]
    [InlineData("""{"source":"ads","amount":1,"payer":"x","description":"x","platform":"LONG"}""", "platform")]
    public async Task Income_that_cannot_be_is_refused_by_field(string body, string field)
    {
        using var answer = await new Books(app).Client.PostAsync("/api/v1/ledger/income", new StringContent(body.Replace("LONG", new('x', 101), StringComparison.Ordinal), Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(field, out _), await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Of_one_bill_entered_by_many_at_once_one_is_booked()
    {
        var books = new Books(app);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => EnterAsync(books, new { kind = "mail", amount = 9, payee = "Post", reference = "r", description = "Mails" })));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Single(answers.Select(answer => answer.Body.GetProperty("id").GetString()).Distinct());
        Assert.Equal(9m, await books.BalanceAsync("cost:mail"));
    }

    [Theory]
    [InlineData("""{"kind":"gift","amount":1,"payee":"x","reference":"x","description":"x"}""", "kind")]
    [InlineData("""{"kind":"mail","amount":0,"payee":"x","reference":"x","description":"x"}""", "amount")]
    [InlineData("""{"kind":"mail","amount":-1000000001,"payee":"x","reference":"x","description":"x"}""", "amount")]
    [InlineData("""{"kind":"mail","amount":0.0000001,"payee":"x","reference":"x","description":"x"}""", "amount")]
    [InlineData("""{"kind":"mail","amount":1,"payee":" ","reference":"x","description":"x"}""", "payee")]
    [InlineData("""{"kind":"mail","amount":1,"payee":"x","description":"x"}""", "reference")]
    [InlineData("""{"kind":"mail","amount":1,"payee":"x","reference":"x\ny","description":"x"}""", "reference")]
    [InlineData("""{"kind":"mail","amount":1,"payee":"x","reference":"x","description":"x","currency":"ABC"}""", "currency")]
    [InlineData("""{"kind":"mail","amount":1,"payee":"x","reference":"x","description":"x","spent_on":"2999-01-01"}""", "spent_on")]
    [InlineData("""{"kind":"mail","amount":1,"payee":"x","reference":"x","description":"x","niche":" "}""", "niche")]
    [InlineData("""{"kind":"mail","amount":1,"payee":"x","reference":"x","description":"x","platform":"LONG"}""", "platform")]
    public async Task A_cost_that_cannot_be_is_refused_by_field(string body, string field)
    {
        using var answer = await new Books(app).Client.PostAsync("/api/v1/ledger/costs", new StringContent(body.Replace("LONG", new('x', 101), StringComparison.Ordinal), Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(field, out _), await answer.Content.ReadAsStringAsync());
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> EnterAsync(Books books, object bill)
    {
        using var answer = await books.Client.PostAsJsonAsync("/api/v1/ledger/costs", bill);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }
}
