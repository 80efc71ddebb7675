using Dapper;
using Empire.Testing;

namespace Empire.Payments.Tests;

/// <summary>Migrations write the rows that were there before them, also where their owner is no superuser and every account's rows are shut from it.</summary>
public sealed class OldRowsTests : IAsyncLifetime
{
    private static readonly Guid Tenant = Guid.CreateVersion7(), Customer = Guid.CreateVersion7(), Invoice = Guid.CreateVersion7(), Piece = Guid.CreateVersion7(), Publication = Guid.CreateVersion7();
    private PlainOwner owner = null!;

    public async ValueTask InitializeAsync() => owner = await PlainOwner.CreateAsync();
    public ValueTask DisposeAsync() => owner.DisposeAsync();

    [Fact]
    public async Task Rows_from_before_are_carried_over_by_an_owner_who_is_no_superuser()
    {
        await owner.MigrateAsync(typeof(Program).Assembly, before: "0025");
        await using var everything = await owner.OpenAsync();
        await everything.ExecuteAsync(
            """
            insert into customers (id, tenant_id, email, test, created_at, updated_at) values (@Customer, @Tenant, 'old@people.example', true, '2026-01-01', '2026-01-01');
            insert into invoices (id, tenant_id, customer_id, provider_ref, amount_due_micros, amount_paid_micros, currency, status, lines, told_at, told_by, test, created_at)
              values (@Invoice, @Tenant, @Customer, 'in_old', 5000000, 5000000, 'USD', 'paid', '[]', '2026-01-02', 'evt_old', true, '2026-01-02');
            insert into provider_events (provider, event_id, kind, object_key, occurred_at, body, source, received_at) values ('flutterwave', 'old', 'fetched:transfer', '7', '2026-01-03', '{}', 'fetched', '2026-01-03');
            insert into heard_events (tenant_id, kind, id, payload, occurred_at, heard_at)
              values (@Tenant, 'CostIncurred', gen_random_uuid(), jsonb_build_object('pieceId', @Piece, 'publicationId', @Publication, 'niche', 'baking', 'platform', 'blog', 'promptVersion', 'v1', 'category', 'llm'), '2026-01-04', '2026-01-04');
            """, new { Tenant, Customer, Invoice, Piece, Publication });
        await owner.MigrateAsync(typeof(Program).Assembly);
        Assert.True(await everything.QuerySingleAsync<bool>("select told_final_at = created_at from invoices where id = @Invoice", new { Invoice }));
        Assert.Equal(1, await everything.QuerySingleAsync<int>("select count(*)::int from provider_tasks where subject = 'old'"));
        Assert.False(await everything.QuerySingleAsync<bool?>("select test from provider_events where event_id = 'old'"));
        Assert.Equal(("baking", "v1"), await everything.QuerySingleAsync<(string, string)>("select niche, prompt_version from pieces where id = @Piece and tenant_id = @Tenant", new { Piece, Tenant }));
        Assert.Equal(Piece, await everything.QuerySingleAsync<Guid>("select piece_id from publications where id = @Publication and tenant_id = @Tenant", new { Publication, Tenant }));
        // What was lifted for them is in force again.
        string[] lifted = ["heard_events", "invoices", "ledger_entries", "payments", "pieces", "provider_events", "provider_tasks", "publications", "refunds"];
        Assert.Equal(lifted, await everything.QueryAsync<string>("select relname::text from pg_class where relnamespace = 'public'::regnamespace and relforcerowsecurity and relname = any (@lifted) order by 1", new { lifted }));
    }
}
