using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Empire.Payments.Intake;
using Empire.Payments.Ledger.Rebuilding;
using Empire.Payments.Privacy;
using Empire.Payments.Tests.Outside;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Payments.Tests.Privacy;

/// <summary>A payer who disputed, and who sells here too: what was told to a bank and what the providers told of them is theirs as well.</summary>
public sealed class DealingsTests : IAsyncLifetime
{
    private const string Email = "zephyrine@people.example", Name = "Zephyrine Quill", Note = "a \"name\": \"kept\" in a text";
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly MarketApp app = new(); // of each test its own: all that is stored is looked through

    public ValueTask InitializeAsync() => app.InitializeAsync();
    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Who_disputed_and_who_sells_goes_out_of_every_row_and_word_by_name_too()
    {
        var (payment, dispute) = await DisputedAsync();
        var (sent, answer) = await app.PostAsync($"/api/v1/revenue/disputes/dp_{dispute:N}/evidence", new { uncategorized_text = $"{Name} wrote to us." });
        Assert.True(sent == HttpStatusCode.OK, answer.ToJsonString());
        Assert.Equal(HttpStatusCode.Created, (await app.PostAsync("/api/v1/revenue/sellers", new { email = Email, name = Name })).Status);
        var customer = await app.ReadAsync<Guid>("select id from customers where email = @Email", new { Email });
        var page = await app.DecidedAsync("flutterwave", null, Money.Of(5m, Currency.Usd), customer: customer);
        var intent = await app.ReadAsync<string>("select provider_ref from payments where id = @payment", new { payment });
        // Neither names the address.
        await StoreAsync("stripe", "charge.updated", intent!, new JsonObject { ["data"] = new JsonObject { ["object"] = new JsonObject { ["id"] = "ch_1", ["billing_details"] = Face("phone") } }, ["note"] = Note });
        await StoreAsync("flutterwave", "charge.said", $"tx_{page:N}-2", new JsonObject { ["data"] = new JsonObject { ["customer"] = Face("phone_number") } });
        await StoreAsync("stripe", "charge.updated", "pi_of_another", new JsonObject { ["billing_details"] = new JsonObject { ["name"] = "Somebody Else" } });
        await app.SettledAsync();

        var probe = new PersonalDataProbe(app.Services, app.Database, app.Tenant, Guid.CreateVersion7(), Email);
        var told = await probe.ExportAsync<PersonalData>();
        Assert.Equal((1, 2, 1, 1), (told.GetProperty("customers").GetArrayLength(), told.GetProperty("payments").GetArrayLength(), told.GetProperty("disputes").GetArrayLength(), told.GetProperty("sellers").GetArrayLength()));
        Assert.Equal((Name, Email), (told.GetProperty("sellers")[0].GetProperty("name").GetString(), told.GetProperty("disputes")[0].GetProperty("evidence").GetProperty("customer_email_address").GetString()));
        foreach (var kind in (string[])["refunds", "subscriptions", "invoices"]) Assert.False(told.TryGetProperty(kind, out var none) && none.GetArrayLength() > 0, kind);
        Assert.True(await probe.EraseAsync<PersonalData>() > 0);
        Assert.Equal(0, await probe.EraseAsync<PersonalData>()); // asked again

        Assert.Empty(await StandsAsync(Email));
        Assert.Empty(await StandsAsync("Zephyrine"));
        Assert.Empty(await StandsAsync("Old Quay"));
        Assert.Equal(["public.provider_events"], await StandsAsync("Somebody Else"));
        Assert.Equal(Note, JsonNode.Parse((await app.ReadAsync<string>("select body from provider_events where body like '%kept%'"))!)!["note"]!.GetValue<string>());
        var books = await app.Services.GetRequiredService<Rebuild>().VerifyAsync(app.Tenant, CancellationToken.None);
        Assert.True(books.Equal, string.Join('\n', books.Differences));
    }

    private static JsonObject Face(string phone) => new() { ["name"] = Name, [phone] = "+1 555 0100", ["address"] = new JsonObject { ["line1"] = "1 \"Old Quay\"", ["country"] = "IE" } };

    private Task<bool> StoreAsync(string provider, string kind, string of, JsonObject body)
    {
        var id = $"evt_{Guid.CreateVersion7():N}";
        body["type"] = kind;
        return app.Events.StoreAsync(new(provider, id, kind, of, TimeProvider.System.GetUtcNow(), body.ToJsonString(Plain), EventSource.Webhook, Test: true), CancellationToken.None);
    }

    /// <returns>The payment and its dispute.</returns>
    private async Task<(Guid Payment, Guid Dispute)> DisputedAsync()
    {
        var (made, customer) = await app.PostAsync("/api/v1/revenue/customers", new { email = Email, name = Name, payment_method = "pm_card_createDispute" });
        Assert.True(made == HttpStatusCode.Created, customer.ToJsonString());
        var (paid, answer) = await app.PostAsync("/api/v1/revenue/payments", new { customer_id = customer["customer_id"]!.GetValue<string>(), amount = 40 });
        Assert.True(paid == HttpStatusCode.Created, answer.ToJsonString());
        var payment = MarketApp.IdOf(answer["payment_id"]!.GetValue<string>());
        await Eventually.EqualAsync(1L, () => app.ReadAsync<long>("select count(*) from disputes where payment_id = @payment and status = 'needs_response'", new { payment }));
        return (payment, await app.ReadAsync<Guid>("select id from disputes where payment_id = @payment", new { payment }));
    }

    /// <returns>The tables in which it stands somewhere. What left the service is the broker's.</returns>
    private async Task<IReadOnlyList<string>> StandsAsync(string text)
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        List<string> found = [];
        foreach (var table in await owner.QueryAsync<string>("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('public', 'kernel') and tablename not in ('heard', 'outbox')"))
            if (await owner.QuerySingleAsync<bool>($"select exists (select from {table} t where to_jsonb(t)::text ilike '%' || @text || '%')", new { text })) found.Add(table);
        return found;
    }
}
