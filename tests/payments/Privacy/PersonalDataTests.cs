using Dapper;
using Empire.Payments.Intake;
using Empire.Payments.Ledger.Rebuilding;
using Empire.Payments.Privacy;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Payments.Tests.Privacy;

/// <summary>What is kept of a payer is told and then forgotten; the money stays.</summary>
public sealed class PersonalDataTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    [Fact]
    public async Task The_person_goes_out_of_every_row_and_word_and_the_books_stay_what_they_were()
    {
        const string email = "ada+1@people.example";
        var (customer, seller) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var payment = await app.DecidedAsync("stripe", "pi_private", Money.Of(20m, Currency.Usd), customer: await CustomerAsync(app.Tenant.Value, customer, email, null));
        var at = new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);
        await app.Events.StoreAsync(new("stripe", "evt_private", "charge.succeeded", "pi_private", at, PaymentsApp.StripeEvent("evt_private", "charge.succeeded", new
        {
            id = "ch_private", @object = "charge", payment_intent = "pi_private", amount = 2000, currency = "usd", paid = true, captured = true, created = at.ToUnixTimeSeconds(), billing_details = new { email = "Ada+1@People.example" },
        }, at), EventSource.Webhook), CancellationToken.None);
        await Eventually.EqualAsync("succeeded", () => app.StatusAsync(payment));
        await CustomerAsync(seller, Guid.CreateVersion7(), email, app.Tenant.Value);  // the account as a customer of whoever runs the installation
        await CustomerAsync(seller, Guid.CreateVersion7(), "other@people.example", null);

        var probe = new PersonalDataProbe(app.Services, app.Database, app.Tenant, Guid.CreateVersion7(), email);
        var told = await probe.ExportAsync<PersonalData>();
        Assert.Equal((2, 1), (told.GetProperty("customers").GetArrayLength(), told.GetProperty("payments").GetArrayLength()));
        Assert.Equal(3, await probe.EraseAsync<PersonalData>());
        Assert.Equal(0, await probe.EraseAsync<PersonalData>()); // asked again

        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        foreach (var table in await owner.QueryAsync<string>("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('public', 'kernel')"))
            Assert.Equal(0, await owner.QuerySingleAsync<int>($"select count(*)::int from {table} t where to_jsonb(t)::text ilike '%ada+1@%'"));
        Assert.Equal(1, await owner.QuerySingleAsync<int>("select count(*)::int from customers where email = 'other@people.example'"));
        var books = await app.Services.GetRequiredService<Rebuild>().VerifyAsync(app.Tenant, CancellationToken.None);
        Assert.True(books is { Equal: true, Entries: 1 });
    }

    [Fact]
    public async Task Only_the_address_itself_is_taken_out_and_providers_cannot_bring_it_back()
    {
        const string email = "ann@shop.example";
        await CustomerAsync(app.Tenant.Value, Guid.CreateVersion7(), email, null);
        string[] kept = ["joann@shop.example", "ann@shop.example.au", "jo+ann@shop.example", "ann@shop.example-2.net"];
        string[] gone = ["ann@shop.example", "Ann@Shop.example"];
        var before = await ToldAsync("evt_before", [.. kept, .. gone], "\\nann@shop.example. ");
        var probe = new PersonalDataProbe(app.Services, app.Database, app.Tenant, Guid.CreateVersion7(), email);
        await probe.EraseAsync<PersonalData>();
        var after = await ToldAsync("evt_after", [.. kept, .. gone], "\\nann@shop.example. ");
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        foreach (var id in (string[])[before, after])
        {
            var body = await owner.QuerySingleAsync<string>("select body from provider_events where event_id = @id", new { id });
            foreach (var address in kept) Assert.Contains($"\"{address.Replace("+", "\\u002B", StringComparison.Ordinal)}\"", body, StringComparison.OrdinalIgnoreCase);
            foreach (var address in gone) Assert.DoesNotContain($"\"{address}\"", body, StringComparison.Ordinal);
            Assert.DoesNotContain("nann@shop.example. ", body, StringComparison.Ordinal);
        }
        await CustomerAsync(app.Tenant.Value, Guid.CreateVersion7(), email, null);   // somebody new, with the same address
        Assert.Contains($"\"{email}\"", await owner.QuerySingleAsync<string>("select body from provider_events where event_id = @id", new { id = await ToldAsync("evt_again", [email], "") }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_an_act_still_needs_the_address_there_is_no_answer()
    {
        const string email = "under.way@people.example";
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        var id = Guid.CreateVersion7();
        await owner.ExecuteAsync(
            """
            insert into kernel.effects (id, tenant_id, kind, key, intent, state, due_at, planned_at) values (@id, @Value, 'payments.none-performs-this', 'u', jsonb_build_object('email', @email), 'unknown', now() + interval '1 day', now())
            """, new { id, app.Tenant.Value, email });
        var probe = new PersonalDataProbe(app.Services, app.Database, app.Tenant, Guid.CreateVersion7(), email);
        Assert.Null(await probe.TryEraseAsync<PersonalData>());
        await owner.ExecuteAsync("update kernel.effects set state = 'succeeded', settled_at = now() where id = @id", new { id });
        Assert.Equal(1, await probe.TryEraseAsync<PersonalData>());
        Assert.Equal("erased@erased.invalid", await owner.QuerySingleAsync<string>("select intent ->> 'email' from kernel.effects where id = @id", new { id }));
    }

    /// <summary>A provider's word that names payers.</summary>
    private async Task<string> ToldAsync(string id, string[] addresses, string words)
    {
        var at = new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);
        var body = PaymentsApp.StripeEvent(id, "customer.updated", new { id = "cus_other", @object = "customer", addresses, description = "@words@" }, at).Replace("@words@", words, StringComparison.Ordinal);
        await app.Events.StoreAsync(new("stripe", id, "customer.updated", "cus_other", at, body, EventSource.Webhook), CancellationToken.None);
        return id;
    }

    private async Task<Guid> CustomerAsync(Guid tenant, Guid id, string email, Guid? account)
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("insert into customers (id, tenant_id, email, account_id, test, created_at, updated_at) values (@id, @tenant, @email, @account, true, now(), now())", new { id, tenant, email, account });
        return id;
    }
}
