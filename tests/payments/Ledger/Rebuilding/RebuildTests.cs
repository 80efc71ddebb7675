using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Payments.Heard;
using Empire.Payments.Ledger.Rebuilding;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Payments.Tests.Ledger.Rebuilding;

/// <summary>The books can be made anew from what was told.</summary>
public sealed class RebuildTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    [Fact]
    public async Task Books_made_anew_are_the_same_byte_for_byte()
    {
        var books = await FilledAsync();
        var result = await VerifyAsync(books);
        Assert.True(result.Equal, string.Join('\n', result.Differences));
        Assert.Equal((7L, 7L), (result.Entries, result.Rebuilt));
        Assert.Equal(result.BooksSha256, result.RebuiltSha256);
        Assert.Equal(result.BooksSha256, (await VerifyAsync(books)).BooksSha256);
        await books.HearAsync(new HearCosts(), books.Cost());
        Assert.NotEqual(result.BooksSha256, (await VerifyAsync(books)).BooksSha256);
    }

    [Theory]
    [InlineData("update ledger_lines set micros = micros + 1 where tenant_id = @tenant and account = 'cost:voice'")]
    [InlineData("update ledger_entries set description = description || '.' where tenant_id = @tenant and cause like 'cost:%' and cause = (select min(cause) from ledger_entries where tenant_id = @tenant and cause like 'cost:%')")]
    [InlineData("update ledger_entries set niche = null where tenant_id = @tenant and niche = 'a|b\\' and cause not like '%:reversed'")]
    [InlineData("delete from ledger_lines where tenant_id = @tenant and account = 'cost:voice'")]
    public async Task One_altered_byte_is_found_and_shown(string damage)
    {
        var books = await FilledAsync();
        await books.SeeAsync<object>(damage);
        var result = await VerifyAsync(books);
        Assert.False(result.Equal);
        var difference = Assert.Single(result.Differences);
        Assert.NotEqual(difference.Books, difference.Rebuilt);
    }

    [Fact]
    public async Task An_entry_without_a_fact_and_a_fact_without_an_entry_are_found()
    {
        var books = await FilledAsync();
        await books.PostAsync(Books.Sale("from nowhere", 1));
        Assert.Null(Assert.Single((await VerifyAsync(books)).Differences).Rebuilt);
        await books.SeeAsync<object>("delete from ledger_lines where tenant_id = @tenant and entry_id in (select id from ledger_entries where tenant_id = @tenant and cause like 'ads:%')");
        await books.SeeAsync<object>("delete from ledger_entries where tenant_id = @tenant and cause like 'ads:%'");
        Assert.Single((await VerifyAsync(books)).Differences, difference => difference.Books is null && difference.Rebuilt!.StartsWith("ads:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_the_operator_has_books_made_anew()
    {
        var books = await FilledAsync();
        using var refused = await books.Client.PostAsJsonAsync("/api/v1/ledger/rebuild", new { });
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/ledger/rebuild") { Content = JsonContent.Create(new { tenant = books.Tenant.ToString() }) };
        request.Headers.Add(Empire.Http.CallerToken.Header, app.Services.GetRequiredService<Empire.Http.CallerToken>().Sign(new(app.Tenant, "user:operator", "owner", Operator: true)));
        using var client = app.CreateDefaultClient();
        using var answer = await client.SendAsync(request);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((true, 7, books.Tenant.ToString()), (body.GetProperty("equal").GetBoolean(), body.GetProperty("entries").GetInt32(), body.GetProperty("tenant").GetString()));
    }

    /// <summary>Something of every kind that is heard, with texts and moments that are hard to write the same way twice.</summary>
    private async Task<Books> FilledAsync()
    {
        var books = new Books(app);
        var conversion = books.Conversion(3.99m, new() { Niche = "a|b\\", Platform = "line\nbreak", ProductId = Guid.CreateVersion7() });
        await books.HearAsync(new HearCosts(), books.Cost(0.04m, "voice", at: Books.Day.AddTicks(7)));
        await books.HearAsync(new HearReversals(), Books.Reversal(conversion));
        await books.HearAsync(new HearConversions(), conversion);
        await books.HearAsync(new HearConversions(), books.Conversion(0m));
        await books.HearAsync(new HearLeads(), new() { TenantId = books.Tenant.Value, LeadConversionId = Guid.CreateVersion7(), LeadId = Guid.CreateVersion7(), Micros = 5, Currency = "JPY", Test = false, OccurredAt = Books.Day.ToOffset(TimeSpan.FromHours(5)) });
        foreach (var source in (string[])["ads", "sponsored"])
        {
            using var entered = await books.Client.PostAsJsonAsync("/api/v1/ledger/income", new { source, amount = 12.345678m, payer = "Ünïcode & Co", description = "Zwölf" });
            Assert.Equal(HttpStatusCode.Created, entered.StatusCode);
        }
        var ads = (await books.GetAsync("/api/v1/revenue/transactions?source=ads")).GetProperty("data")[0].GetProperty("id").GetString();
        foreach (var step in (string[])["confirm", "pay"])
        {
            using var moved = await books.Client.PostAsync($"/api/v1/revenue/transactions/{ads}/{step}", null);
            Assert.Equal(HttpStatusCode.OK, moved.StatusCode);
        }
        return books;
    }

    private Task<RebuildResult> VerifyAsync(Books books) => app.Services.GetRequiredService<Rebuild>().VerifyAsync(books.Tenant, CancellationToken.None);
}
