using System.Text.Json;
using Dapper;
using Empire.Contracts;
using Empire.Testing;

namespace Empire.Acquisition.Tests;

/// <summary>The same with a provider that takes money for each mail.</summary>
public sealed class PricedMailApp : AcquisitionApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Mail:Price", "0.0004"), new("Mail:Currency", "EUR")];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync(
            """
            create table heard (seq bigint generated always as identity primary key, type text not null, body text not null);
            create function hear() returns trigger language plpgsql security definer as $$ begin insert into public.heard (type, body) values (new.type, new.body); return new; end $$;
            create trigger hear after insert on kernel.outbox for each row execute function hear();
            """);
    }

    public async Task<IReadOnlyList<CostIncurred>> CostsAsync()
    {
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        var bodies = await owner.QueryAsync<string>("select body from heard where type = @type order by seq", new { type = typeof(CostIncurred).FullName });
        return [.. bodies.Select(body => JsonSerializer.Deserialize<CostIncurred>(body, JsonSerializerOptions.Web)!)];
    }
}

public sealed class MailCostTests(PricedMailApp app) : IClassFixture<PricedMailApp>
{
    [Fact]
    public async Task A_mail_that_was_taken_costs_its_account_what_the_provider_takes_and_one_that_was_refused_costs_nothing()
    {
        var (taken, refused) = (app.SignUp("taken@example.com"), app.SignUp("refused@example.com"));
        await app.Sandbox.ArmAsync("permanent", refused.Email);
        await app.PublishAsync(refused);
        await app.SettledAsync("refused", refused.Email);
        await app.PublishAsync(taken);
        await app.PublishAsync(taken);
        await app.SettledAsync("sent", taken.Email);
        var cost = Assert.Single(await app.CostsAsync());
        Assert.Equal((app.Tenant.Value, "mail", 400L, "EUR", true), (cost.TenantId, cost.Category, cost.Micros, cost.Currency, cost.Test));
    }
}
