using System.Text.Json;
using Empire.Data;
using Empire.Hosting;
using Empire.Messaging;
using Empire.Payments.Connect;
using Empire.Payments.Intake;
using Empire.Payments.Referrals;
using Empire.Privacy;
using Empire.Security;

namespace Empire.Payments.Privacy;

/// <summary>Payments keeps of a person who they are as a customer: of this account, and, where the account pays for its tier, of whoever runs the installation. Amounts stay when the
/// person goes. The providers' words in the raw log lose the address too.</summary>
[Queue("payments.personal-data")]
public sealed class PersonalData(Sealer sealer, ThisService service, Database db) : PersonalDataHandler(sealer, service)
{
    /// <summary>Customers of the account itself, and the account as a customer, no later than what is asked about: somebody who comes back with the address is somebody new.</summary>
    private const string Theirs = "email = @Email and (tenant_id = @account or account_id = @account) and created_at <= @until";

    /// <summary>What they sell through the account's business.</summary>
    private const string TheirSales = "email = @Email and tenant_id = @account and created_at <= @until";

    protected override async Task<IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>> ExportAsync(Work work, Person person, CancellationToken ct)
    {
        await using var everything = await db.BeginSystemAsync(ct); // as a customer they stand in the books of whoever runs the installation
        async Task<IReadOnlyList<JsonElement>> RowsOfAsync(string sql) =>
            [.. (await everything.QueryAsync<string>(sql, new { person.Email, account = work.Tenant.Value, until = DateTimeOffset.MaxValue, MostRows }, ct)).Select(row => JsonSerializer.Deserialize<JsonElement>(row))];
        return new Dictionary<string, IReadOnlyList<JsonElement>>
        {
            ["customers"] = await RowsOfAsync($"select to_jsonb(r)::text from (select email, name, tier, card_brand, card_last4, created_at from customers where {Theirs} limit @MostRows) r"),
            ["payments"] = await RowsOfAsync(
                $"""
                select to_jsonb(r)::text from (select p.provider, p.purpose, p.amount_micros, p.currency, p.description, p.status, p.created_at
                  from payments p where p.customer_id in (select id from customers where {Theirs}) order by p.created_at limit @MostRows) r
                """),
            ["refunds"] = await RowsOfAsync(
                $"""
                select to_jsonb(r)::text from (select f.provider, f.amount_micros, f.currency, f.reason, f.status, f.created_at
                  from refunds f join payments p on p.id = f.payment_id where p.customer_id in (select id from customers where {Theirs}) order by f.created_at limit @MostRows) r
                """),
            ["disputes"] = await RowsOfAsync(
                $"""
                select to_jsonb(r)::text from (select d.provider, d.amount_micros, d.currency, d.reason, d.status, d.evidence, d.submitted_at, d.opened_at, d.closed_at
                  from disputes d join payments p on p.id = d.payment_id where p.customer_id in (select id from customers where {Theirs}) order by d.opened_at limit @MostRows) r
                """),
            ["subscriptions"] = await RowsOfAsync(
                $"""
                select to_jsonb(r)::text from (select s.price, s.tier, s.status, s.amount_micros, s.currency, s.period, s.current_period_start, s.current_period_end, s.canceled_at, s.created_at
                  from subscriptions s where s.customer_id in (select id from customers where {Theirs}) order by s.created_at limit @MostRows) r
                """),
            ["invoices"] = await RowsOfAsync(
                $"""
                select to_jsonb(r)::text from (select i.number, i.amount_due_micros, i.amount_paid_micros, i.currency, i.status, i.period_start, i.period_end, i.lines, i.created_at
                  from invoices i where i.customer_id in (select id from customers where {Theirs}) order by i.created_at limit @MostRows) r
                """),
            ["sellers"] = await RowsOfAsync($"select to_jsonb(r)::text from (select email, name, country, fee_percent, status, created_at from sellers where {TheirSales} limit @MostRows) r"),
        };
    }

    /// <summary>In transactions of its own over all tenants, before the answer commits: repeated, it finds nothing more to do. The note that the address is forgotten is there already, with which what is told from now on is
    /// redacted as it is stored; first the rows; then, once nobody stores what was looked at before that note, the words. A crash in between leaves behind what is still to be redacted. An act under way keeps its address until it is settled:
    /// there is no answer until then, and asked again, it is taken out.</summary>
    protected override async Task<int> EraseAsync(Work work, Person person, CancellationToken ct)
    {
        var rows = await OutOfRowsAsync(work.Tenant, person, ct);
        if (await ToRedactAsync(work.Tenant, person, ct) is not { } keys) return rows;
        await Forgotten.WaitForWritersAsync(db, ct);
        return rows + await OutOfWordsAsync(work.Tenant, person, keys, ct);
    }

    /// <summary>Taking somebody out of all that providers ever told lasts: whoever signs up anew with the address is not kept waiting for that. Once this is committed, nobody writes down any more what was before it.</summary>
    protected override async Task<DateTimeOffset> BeginErasureAsync(Work work, string email, DateTimeOffset firstAskedAt, CancellationToken ct)
    {
        await using var own = await db.BeginAsync(work.Tenant, ct);
        own.NothingToAudit();
        var at = await base.BeginErasureAsync(own, email, firstAskedAt, ct);
        await ErasedAddresses.AddAsync(own, work.Tenant, email, at, firstAskedAt, ct);
        await own.CommitAsync(ct);
        return at;
    }

    /// <summary>Committed at the beginning already.</summary>
    protected override Task RememberAsync(Work work, Person person, CancellationToken ct) => Task.CompletedTask;

    private async Task<int> OutOfRowsAsync(TenantId account, Person person, CancellationToken ct)
    {
        await using var everything = await db.BeginSystemAsync(ct);
        everything.NothingToAudit();
        var of = new { person.Email, account = account.Value, until = person.ErasedAt };
        await everything.ExecuteAsync(
            """
            update kernel.effects set state = 'cancelled', settled_at = @Now where kind = any(@begins) and tenant_id = @account and lower(intent ->> 'email') = @Email and state = 'planned' and planned_at <= @ErasedAt
            """, new { everything.Now, begins = (string[])[EnrolAccount.Kind, OpenSeller.Kind], person.Email, person.ErasedAt, account = account.Value }, ct);
        var keys = await ProvidersNamesAsync(everything, of, ct); // from now on nothing leads to them any more
        var rows = await DealingsAsync(everything, of, ct) + await everything.ExecuteAsync(
            $$"""
            update kernel.effects set intent = intent || '{"email": "erased@erased.invalid", "name": null}'
            where kind like 'payments.%' and lower(intent ->> 'email') = @Email and state in ('succeeded', 'rejected', 'held', 'cancelled') and planned_at <= @until
              and (tenant_id = @account or tenant_id in (select tenant_id from customers where account_id = @account));
            update stripe_customers_aside set card_brand = null, card_last4 = null, payment_method = null where customer_id in (select id from customers where {{Theirs}});
            update customers set email = 'erased-' || id || '@erased.invalid', name = null, card_brand = null, card_last4 = null, wanted_method = null, payment_method = null where {{Theirs}};
            """, of, ct);
        if (rows > 0)
            await everything.ExecuteAsync(
                """
                insert into redactions_due as r (tenant_id, address_hash, keys) values (@account, @hash, @keys)
                on conflict (tenant_id, address_hash) do update set keys = r.keys || excluded.keys
                """, new { account = account.Value, hash = ErasedAddresses.HashOf(person.Email), keys }, ct);
        await everything.CommitAsync(ct);
        return rows;
    }

    /// <returns>What their providers tell of them under; null where no word of them is to be redacted.</returns>
    private async Task<string[]?> ToRedactAsync(TenantId account, Person person, CancellationToken ct)
    {
        await using var everything = await db.BeginSystemAsync(ct);
        return await everything.QuerySingleOrDefaultAsync<string[]>("select keys from redactions_due where tenant_id = @account and address_hash = @hash", new { account = account.Value, hash = ErasedAddresses.HashOf(person.Email) }, ct);
    }

    private async Task<int> OutOfWordsAsync(TenantId account, Person person, string[] keys, CancellationToken ct)
    {
        await using var everything = await db.BeginSystemAsync(ct);
        everything.NothingToAudit();
        everything.Patience = TimeSpan.FromMinutes(15); // each statement reads all that providers ever told
        var touched = await everything.QuerySingleAsync<int>("select redact_provider_events(@Email)", new { person.Email }, ct);
        await everything.QuerySingleAsync<int>("select redact_payers(@keys)", new { keys }, ct);
        await everything.ExecuteAsync("delete from redactions_due where tenant_id = @account and address_hash = @hash and keys = @keys", new { account = account.Value, hash = ErasedAddresses.HashOf(person.Email), keys }, ct); // asked meanwhile, there may be more
        await everything.CommitAsync(ct);
        return touched;
    }

    protected override async Task<bool> UnderWayAsync(Work work, Person person, CancellationToken ct)
    {
        await using var everything = await db.BeginSystemAsync(ct);
        return await everything.QuerySingleAsync<bool>(
            """
            select exists (select from kernel.effects where kind like 'payments.%' and @Email in (lower(intent ->> 'email'), lower(intent #>> '{evidence,customerEmailAddress}')) and state in ('planned', 'running', 'unknown') and planned_at <= @ErasedAt
              and (tenant_id = @account or tenant_id in (select tenant_id from customers where account_id = @account)))
            """, new { person.Email, person.ErasedAt, account = work.Tenant.Value }, ct);
    }

    /// <summary>What their providers tell of them under: each customer, their cards and account, and each payment, subscription and invoice, for not all words about these name the payer's address.</summary>
    private static async Task<string[]> ProvidersNamesAsync(Work everything, object of, CancellationToken ct) =>
        [.. await everything.QueryAsync<string>(
            $"""
            with own as (select id, stripe_id, payment_method, wanted_method from customers where {Theirs})
            select key from (select unnest(array[stripe_id, payment_method, wanted_method]) from own
            union select unnest(array[a.stripe_id, a.payment_method]) from stripe_customers_aside a join own on own.id = a.customer_id
            union select unnest(array[p.provider_ref, p.charge_ref, p.payment_method, 'tx_' || replace(p.id::text, '-', '')] || p.further_refs) from payments p join own on own.id = p.customer_id
            union select provider_ref from subscriptions s join own on own.id = s.customer_id
            union select provider_ref from invoices i join own on own.id = i.customer_id
            union select provider_ref from sellers where {TheirSales}) as known (key) where key is not null
            """, of, ct)];

    /// <summary>Who they are beside the customer: as a seller, and in what was said of them to a bank.</summary>
    /// <returns>How many rows named them.</returns>
    private static Task<int> DealingsAsync(Work everything, object of, CancellationToken ct) => everything.ExecuteAsync(
        $$"""
        update disputes set evidence = evidence || '{"customer_email_address": "erased@erased.invalid", "customer_name": null, "access_activity_log": null, "uncategorized_text": null}'
        where lower(evidence ->> 'customer_email_address') = @Email and (tenant_id = @account or tenant_id in (select tenant_id from customers where account_id = @account));
        update kernel.effects set intent = jsonb_set(intent, '{evidence}', intent -> 'evidence' || '{"customerEmailAddress": "erased@erased.invalid", "customerName": null, "accessActivityLog": null, "uncategorizedText": null}')
        where kind = 'payments.stripe-evidence' and lower(intent #>> '{evidence,customerEmailAddress}') = @Email and state in ('succeeded', 'rejected', 'held', 'cancelled') and planned_at <= @until
          and (tenant_id = @account or tenant_id in (select tenant_id from customers where account_id = @account));
        update sellers set email = 'erased-' || id || '@erased.invalid', name = null where {{TheirSales}};
        """, of, ct);
}
