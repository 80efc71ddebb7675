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

    private async Task<Guid> CustomerAsync(Guid tenant, Guid id, string email, Guid? account)
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("insert into customers (id, tenant_id, email, account_id, test, created_at, updated_at) values (@id, @tenant, @email, @account, true, now(), now())", new { id, tenant, email, account });
        return id;
    }
}
