using System.Text.Json;
using Empire.Data;
using Empire.Hosting;
using Empire.Messaging;
using Empire.Payments.Referrals;
using Empire.Privacy;
using Empire.Security;

namespace Empire.Payments.Privacy;

/// <summary>Payments keeps of a person who they are as a customer: of this account, and, where the account pays for its tier, of whoever runs the installation. Amounts stay when the
/// person goes. The providers' words in the raw log lose the address too.</summary>
[Queue("payments.personal-data")]
public sealed class PersonalData(Sealer sealer, ThisService service, Database db) : PersonalDataHandler(sealer, service)
{
    /// <summary>Customers of the account itself, and the account as a customer.</summary>
    private const string Theirs = "email = @Email and (tenant_id = @account or account_id = @account)";

    protected override async Task<IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>> ExportAsync(Work work, Person person, CancellationToken ct)
    {
        await using var everything = await db.BeginSystemAsync(ct); // as a customer they stand in the books of whoever runs the installation
        async Task<IReadOnlyList<JsonElement>> RowsOfAsync(string sql) =>
            [.. (await everything.QueryAsync<string>(sql, new { person.Email, account = work.Tenant.Value, MostRows }, ct)).Select(row => JsonSerializer.Deserialize<JsonElement>(row))];
        return new Dictionary<string, IReadOnlyList<JsonElement>>
        {
            ["customers"] = await RowsOfAsync($"select to_jsonb(r)::text from (select email, name, tier, card_brand, card_last4, created_at from customers where {Theirs} limit @MostRows) r"),
            ["payments"] = await RowsOfAsync(
                $"""
                select to_jsonb(r)::text from (select p.provider, p.purpose, p.amount_micros, p.currency, p.description, p.status, p.created_at
                  from payments p where p.customer_id in (select id from customers where {Theirs}) order by p.created_at limit @MostRows) r
                """),
        };
    }

    /// <summary>In a transaction of its own over all tenants, before the answer commits: repeated, it finds nothing more to do. An act under way keeps its address until it is settled: there is
    /// no answer until then, and asked again, it is taken out.</summary>
    protected override async Task<int> EraseAsync(Work work, Person person, CancellationToken ct)
    {
        await using var everything = await db.BeginSystemAsync(ct);
        everything.NothingToAudit();
        var of = new { person.Email, account = work.Tenant.Value };
        await ErasedAddresses.AddAsync(everything, work.Tenant, person.Email, ct); // before the words are redacted: what is told from now on is redacted as it is stored
        await everything.ExecuteAsync(
            """
            update kernel.effects set state = 'cancelled', settled_at = @Now where kind = @Kind and tenant_id = @account and lower(intent ->> 'email') = @Email and state = 'planned'
            """, new { everything.Now, EnrolAccount.Kind, person.Email, account = work.Tenant.Value }, ct);
        var rows = await everything.ExecuteAsync(
            $$"""
            update kernel.effects set intent = intent || '{"email": "erased@erased.invalid", "name": null}'
            where kind like 'payments.%' and lower(intent ->> 'email') = @Email and state in ('succeeded', 'rejected', 'held', 'cancelled')
              and (tenant_id = @account or tenant_id in (select tenant_id from customers where account_id = @account));
            update customers set email = 'erased-' || id || '@erased.invalid', name = null, card_brand = null, card_last4 = null, wanted_method = null, payment_method = null where {{Theirs}};
            """, of, ct);
        if (rows > 0) rows += await everything.QuerySingleAsync<int>("select redact_provider_events(@Email)", of, ct);
        await everything.CommitAsync(ct);
        return rows;
    }

    protected override async Task<bool> UnderWayAsync(Work work, Person person, CancellationToken ct)
    {
        await using var everything = await db.BeginSystemAsync(ct);
        return await everything.QuerySingleAsync<bool>(
            """
            select exists (select from kernel.effects where kind like 'payments.%' and lower(intent ->> 'email') = @Email and state in ('planned', 'running', 'unknown')
              and (tenant_id = @account or tenant_id in (select tenant_id from customers where account_id = @account)))
            """, new { person.Email, account = work.Tenant.Value }, ct);
    }
}
