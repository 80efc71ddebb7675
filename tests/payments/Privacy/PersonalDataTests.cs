using Dapper;
using Empire.Contracts;
using Empire.Payments.Customers;
using Empire.Payments.Intake;
using Empire.Payments.Ledger.Rebuilding;
using Empire.Payments.Privacy;
using Empire.Privacy;
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

    [Fact]
    public async Task What_nobody_has_begun_to_open_for_them_is_withdrawn()
    {
        const string email = "seller.soon@people.example";
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        var id = Guid.CreateVersion7();
        await owner.ExecuteAsync(
            """
            insert into kernel.effects (id, tenant_id, kind, key, intent, state, due_at, planned_at, attempts) values (@id, @Value, 'payments.stripe-seller', 'soon', jsonb_build_object('email', @email), 'planned', now() + interval '1 day', now(), 1)
            """, new { id, app.Tenant.Value, email });
        Assert.Equal(1, await new PersonalDataProbe(app.Services, app.Database, app.Tenant, Guid.CreateVersion7(), email).TryEraseAsync<PersonalData>());
        Assert.Equal(("cancelled", "erased@erased.invalid"), await owner.QuerySingleAsync<(string, string)>("select state, intent ->> 'email' from kernel.effects where id = @id", new { id }));
    }

    [Fact]
    public async Task Words_that_are_being_stored_meanwhile_are_redacted_too()
    {
        const string email = "meanwhile@people.example";
        await CustomerAsync(app.Tenant.Value, Guid.CreateVersion7(), email, null);
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        Task<int> erasing;
        await using (var storing = await app.Database.BeginSystemAsync(CancellationToken.None))
        {
            storing.NothingToAudit();
            var at = TimeProvider.System.GetUtcNow();
            await app.Events.StoreAsync(storing, new("stripe", "evt_meanwhile", "customer.updated", "cus_meanwhile", at, PaymentsApp.StripeEvent("evt_meanwhile", "customer.updated", new { id = "cus_meanwhile", @object = "customer", email }, at), EventSource.Webhook), CancellationToken.None);
            erasing = new PersonalDataProbe(app.Services, app.Database, app.Tenant, Guid.CreateVersion7(), email).EraseAsync<PersonalData>();
            await Eventually.TrueAsync(async () => erasing.IsCompleted || await owner.QuerySingleAsync<bool>(
                "select exists (select from pg_locks where locktype = 'advisory' and mode = 'ExclusiveLock' and not granted and database = (select oid from pg_database where datname = current_database()))"));
            await using (var newcomer = await app.Database.BeginAsync(app.Tenant, CancellationToken.None)) // who comes back with the address is not kept waiting for the words
                Assert.False(await ErasedAddresses.HoldsAsync(newcomer, email, newcomer.Now + TimeSpan.FromMinutes(1), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(15)));
            await storing.CommitAsync(CancellationToken.None);
        }
        await erasing;
        Assert.DoesNotContain(email, await owner.QuerySingleAsync<string>("select body from provider_events where event_id = 'evt_meanwhile'"), StringComparison.Ordinal);
        Assert.Equal(0, await owner.QuerySingleAsync<int>("select count(*)::int from redactions_due"));
    }

    [Fact]
    public async Task What_a_crash_left_to_be_redacted_is_redacted_when_it_is_asked_for_again()
    {
        const string email = "left.over@people.example";
        var id = await ToldAsync("evt_left", [email], "");
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("insert into redactions_due (tenant_id, address_hash, keys) values (@Value, @hash, '{}')", new { app.Tenant.Value, hash = ErasedAddresses.HashOf(email) });
        var probe = new PersonalDataProbe(app.Services, app.Database, app.Tenant, Guid.CreateVersion7(), email);
        Assert.Equal(1, await probe.EraseAsync<PersonalData>());
        Assert.DoesNotContain(email, await owner.QuerySingleAsync<string>("select body from provider_events where event_id = @id", new { id }), StringComparison.Ordinal);
        Assert.Equal(0, await probe.EraseAsync<PersonalData>());
    }

    /// <summary>The bus hands on what waits in one transaction; identity asks again while it has no answer.</summary>
    [Fact]
    public async Task Two_askings_for_one_person_in_one_transaction_do_not_wait_for_each_other()
    {
        var handler = ActivatorUtilities.CreateInstance<PersonalData>(app.Services);
        await using var work = await app.Database.BeginAsync(app.Tenant, CancellationToken.None);
        for (var asked = 0; asked < 2; asked++)
            await handler.HandleAsync(new PersonalDataErasureRequested { TenantId = app.Tenant.Value, RequestId = Guid.CreateVersion7(), UserId = Guid.CreateVersion7(), Email = "twice@people.example", OccurredAt = work.Now }, work, CancellationToken.None)
                .WaitAsync(TimeSpan.FromSeconds(15));
        await work.CommitAsync(CancellationToken.None);
    }

    [Fact]
    public async Task An_apostrophe_within_an_address_is_part_of_it_and_one_before_it_is_a_quote()
    {
        await CustomerAsync(app.Tenant.Value, Guid.CreateVersion7(), "o'brien@isle.example", null);
        await CustomerAsync(app.Tenant.Value, Guid.CreateVersion7(), "neill@isle.example", null);
        const string words = "o'brien@isle.example \\n'neill@isle.example' o'neill@isle.example o\\u0027neill@isle.example";
        string[] told = ["o'brien@isle.example", "neill@isle.example"]; // of these the encoder writes the apostrophe as \u0027
        var before = await ToldAsync("evt_isle", told, words);
        foreach (var email in told) await new PersonalDataProbe(app.Services, app.Database, app.Tenant, Guid.CreateVersion7(), email).EraseAsync<PersonalData>();
        var after = await ToldAsync("evt_isle_after", told, words);
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        foreach (var id in (string[])[before, after])
        {
            var body = await owner.QuerySingleAsync<string>("select body from provider_events where event_id = @id", new { id });
            Assert.Contains("\"erased@erased.invalid \\n'erased@erased.invalid' o'neill@isle.example o\\u0027neill@isle.example\"", body, StringComparison.Ordinal);
            Assert.Contains("[\"erased@erased.invalid\",\"erased@erased.invalid\"]", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task With_the_address_go_name_and_street_also_of_what_is_told_later_and_of_cards()
    {
        const string email = "faced@people.example";
        var customer = await CustomerAsync(app.Tenant.Value, Guid.CreateVersion7(), email, null);
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("update customers set stripe_id = 'cus_faced', payment_method = 'pm_now' where id = @customer", new { customer });
        await CardAsync("evt_card_now", "payment_method.updated", "pm_now", new { id = "pm_now", @object = "payment_method", billing_details = new { name = "Faced Person" } });
        await CardAsync("evt_card_once", "payment_method.attached", "pm_once", new { id = "pm_once", @object = "payment_method", customer = "cus_faced", billing_details = new { name = "Faced Person", address = new { line1 = "1 Old Quay" } } });
        await CardAsync("evt_card_other", "payment_method.attached", "pm_other", new { id = "pm_other", @object = "payment_method", customer = "cus_other_one", billing_details = new { name = "Kept Person" } });
        await new PersonalDataProbe(app.Services, app.Database, app.Tenant, Guid.CreateVersion7(), email).EraseAsync<PersonalData>();
        await CardAsync("evt_later", "charge.updated", "pi_later", new { id = "ch_later", @object = "charge", paid = false, billing_details = new { email, name = "Faced Person", phone = "+1 555 0100", address = new { line1 = "1 Old Quay", country = "IE" } } });
        await CardAsync("evt_renewed", "charge.updated", "pi_renewed", new { id = "ch_renewed", @object = "charge", paid = false, customer = "cus_faced", billing_details = new { email = (string?)null, name = "Faced Person", address = new { line1 = "1 Old Quay" } } });
        Assert.Empty(await owner.QueryAsync<string>("select event_id from provider_events where body like '%Faced Person%' or body like '%Old Quay%' or body like '%555 0100%'"));
        Assert.Equal(["evt_card_other"], await owner.QueryAsync<string>("select event_id from provider_events where body like '%Kept Person%'"));
        await using (var late = await app.Database.BeginAsync(app.Tenant, CancellationToken.None)) // what was on its way to Stripe meanwhile
        {
            await CustomerTable.MirroredAsync(late, customer, email, "cus_faced_now", test: true, "pm_now", "visa", "4242", CancellationToken.None);
            await late.CommitAsync(CancellationToken.None);
        }
        Assert.Equal(("cus_faced_now", null, null), await owner.QuerySingleAsync<(string, string?, string?)>("select stripe_id, payment_method, card_last4 from customers where id = @customer", new { customer }));
        Assert.Contains("\"country\":\"IE\"", await owner.QuerySingleAsync<string>("select body from provider_events where event_id = 'evt_later'"), StringComparison.Ordinal);

        Task CardAsync(string id, string kind, string of, object o) =>
            app.Events.StoreAsync(new("stripe", id, kind, of, TimeProvider.System.GetUtcNow(), PaymentsApp.StripeEvent(id, kind, o, TimeProvider.System.GetUtcNow()), EventSource.Webhook), CancellationToken.None);
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
