using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Empire.EndToEnd.Tests;

/// <summary>ANA-10 through the front door: income from its sources, which only moves forward. What a conversion brings is in <see cref="WholeCycleTests"/>.</summary>
[Collection(InstallationCollection.Name)]
public sealed class TransactionTests(Installation empire)
{
    internal const string Transactions = "/api/v1/revenue/transactions";

    [Fact]
    public async Task Income_is_pending_then_confirmed_then_paid_and_never_goes_back()
    {
        using var account = await empire.NewTenantAsync("paid at last");
        var entry = await account.PostJsonAsync("/api/v1/ledger/income", JsonContent.Create(new { source = "sponsored", amount = 250, payer = "Harbour Roasters", description = "A page about cold brew" }));
        var row = (await account.GetAllAsync($"{Transactions}?source=sponsored")).Single();
        Assert.Equal((250m, "USD", "pending"), (row.GetProperty("amount").GetDecimal(), row.GetProperty("currency").GetString(), row.GetProperty("status").GetString()));
        Assert.Equal(entry.GetProperty("id").GetString()![4..], row.GetProperty("id").GetString()![4..]);   // the same entry, seen from its source
        await ToPaidAsync(account, row.GetProperty("id").GetString()!);
        Assert.Equal("paid", (await account.GetAllAsync($"{Transactions}?source=sponsored")).Single().GetProperty("status").GetString());
        var accounts = (await account.GetJsonAsync("/api/v1/ledger/accounts")).GetProperty("data").EnumerateArray().ToDictionary(own => own.GetProperty("name").GetString()!, own => own.GetProperty("balance").GetDecimal());
        Assert.Equal((250m, 0m, -250m), (accounts["cash:bank"], accounts["receivable:sponsors"], accounts["revenue:sponsored"]));
    }

    [Fact]
    public async Task A_gift_is_no_source_and_a_filter_that_does_not_exist_is_refused_rather_than_ignored()
    {
        using var account = await empire.NewTenantAsync("gifted");
        foreach (var (path, field) in ((string, string)[])[($"{Transactions}?source=gift", "source"), ($"{Transactions}?sources=ads", "sources"), ("/api/v1/revenue/payments?customerId=cust_1", "customer_id")])
        {
            using var answer = await account.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(field, out _), await answer.Content.ReadAsStringAsync());
        }
        using var gift = await account.PostAsync(new Uri("/api/v1/ledger/income", UriKind.Relative), JsonContent.Create(new { source = "gift", amount = 5, payer = "A friend", description = "For you" }));
        Assert.Equal(HttpStatusCode.BadRequest, gift.StatusCode);
    }

    /// <summary>Pending to paid, and at each step what would skip one or go back is refused.</summary>
    internal static async Task ToPaidAsync(HttpClient account, string id)
    {
        foreach (var (act, status) in ((string, HttpStatusCode)[])[("pay", HttpStatusCode.Conflict), ("confirm", HttpStatusCode.OK), ("confirm", HttpStatusCode.Conflict), ("pay", HttpStatusCode.OK), ("confirm", HttpStatusCode.Conflict), ("pay", HttpStatusCode.Conflict)])
        {
            using var answer = await account.PostAsync(new Uri($"{Transactions}/{id}/{act}", UriKind.Relative), null);
            Assert.True(answer.StatusCode == status, $"{act}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }
}
