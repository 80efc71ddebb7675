using System.Net.Http.Json;
using System.Text.Json;
using Empire.Payments.Ledger;
using Empire.Payments.Ledger.Checking;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Payments.Tests.Ledger.Checking;

/// <summary>The books check themselves. Every test leaves them in order.</summary>
public sealed class LedgerCheckTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    [Fact]
    public async Task A_damaged_balance_is_found_by_the_next_turn_and_alarmed_once()
    {
        var books = new Books(app);
        await books.PostAsync(Books.Sale("a", 97), Books.Sale("b", 3));
        Assert.Equal(0, (await CheckAsync(whole: false)).Open);
        await TellOutboxAsync();
        await books.SeeAsync<object>("update ledger_balances set debit_micros = debit_micros + 1 where tenant_id = @tenant and account = 'cash:stripe'");
        Assert.Equal(1, (await CheckAsync(whole: false)).Open);
        Assert.Equal(1, (await CheckAsync(whole: false)).Open);
        var drift = (await books.GetAsync("/api/v1/ledger/drifts")).GetProperty("data")[0];
        Assert.Equal(("balance", "cash:stripe USD test"), (drift.GetProperty("kind").GetString(), drift.GetProperty("subject").GetString()));
        Assert.Equal("The balance says debit 100000001, credit 0 of 2 lines; the lines sum to debit 100000000, credit 0 of 2 lines (in millionths).", drift.GetProperty("detail").GetString());
        Assert.Equal(1L, await books.SeeAsync<long>("select count(*) from told where type like '%LedgerDriftFound' and body->>'tenantId' = @tenant::text"));
        Assert.Equal(2L, await books.SeeAsync<long>("select count(*) from ledger_checks where drifts = 1"));

        await books.SeeAsync<object>("update ledger_balances set debit_micros = debit_micros - 1 where tenant_id = @tenant and account = 'cash:stripe'");
        Assert.Equal(0, (await CheckAsync(whole: false)).Open);
        Assert.NotNull((await books.GetAsync("/api/v1/ledger/drifts")).GetProperty("data")[0].GetProperty("healed_at").GetString());
    }

    [Fact]
    public async Task A_balance_that_vanished_or_came_from_nowhere_is_found()
    {
        var books = new Books(app);
        await books.PostAsync(Books.Sale("a", 97));
        await books.SeeAsync<object>("update ledger_balances set account = 'cash:elsewhere' where tenant_id = @tenant and account = 'cash:stripe'");
        Assert.Equal(2, (await CheckAsync(whole: false)).Open);
        await books.SeeAsync<object>("update ledger_balances set account = 'cash:stripe' where tenant_id = @tenant and account = 'cash:elsewhere'");
        Assert.Equal(0, (await CheckAsync(whole: false)).Open);
    }

    [Fact]
    public async Task An_old_line_that_was_altered_is_found_by_a_whole_turn()
    {
        var books = new Books(app);
        await books.PostAsync(Books.Sale("a", 97));
        await Eventually.EqualAsync(0L, async () => (await CheckAsync(whole: false)).Lines); // as soon as no older transaction of the server runs, anyone's
        await books.SeeAsync<object>("update ledger_lines set micros = micros + 5 where tenant_id = @tenant and account = 'cash:stripe'");
        Assert.Equal(0, (await CheckAsync(whole: false)).Open);
        Assert.Equal(2, (await CheckAsync(whole: true)).Open); // the balance, and the entry
        await books.SeeAsync<object>("update ledger_lines set micros = micros - 5 where tenant_id = @tenant and account = 'cash:stripe'");
        Assert.Equal(0, (await CheckAsync(whole: true)).Open);
    }

    [Fact]
    public async Task A_turn_reads_only_what_is_new_and_a_booking_under_way_is_no_drift()
    {
        var books = new Books(app);
        await books.PostAsync([.. Enumerable.Range(0, 50).Select(i => Books.Sale($"x:{i}", 1))]);
        await Eventually.TrueAsync(async () => (await CheckAsync(whole: false)).Lines < 100); // as above
        await using var open = await app.Database.BeginAsync(books.Tenant, CancellationToken.None);
        Assert.True(await Book.PostAsync(open, Books.Sale("open", 1), CancellationToken.None));
        await books.PostAsync(Books.Sale("meanwhile", 2));
        Assert.Equal(0, (await CheckAsync(whole: false)).Open);
        await open.CommitAsync(CancellationToken.None);
        await books.PostAsync(Books.Sale("after", 3));
        Assert.Equal(0, (await CheckAsync(whole: false)).Open);
        Assert.Equal(0, (await CheckAsync(whole: true)).Open);
    }

    [Fact]
    public async Task Bookings_go_on_while_turns_are_taken_and_none_is_a_drift()
    {
        var books = new Books(app);
        var writers = Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            for (var i = 0; i < 40; i++) await books.PostAsync(Books.Sale($"w:{writer}:{i}", 1), Books.Sale($"v:{writer}:{i}", 2));
        }));
        var turns = 0;
        for (; !writers.IsCompleted || turns < 3; turns++) Assert.Equal(0, (await CheckAsync(whole: turns % 4 == 3)).Open);
        await writers;
        Assert.Equal(0, (await CheckAsync(whole: false)).Open);
        var health = await (await books.Client.GetAsync("/health/business")).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("healthy", health.GetProperty("checks").GetProperty("books_without_drift").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Several_replicas_take_turns()
    {
        var check = app.Services.GetRequiredService<LedgerCheck>();
        await CheckAsync(whole: true);
        Assert.Null(await check.DueAsync(CancellationToken.None)); // not before its time
        await CountTurnsAsync();
        var before = await CountAsync();
        var turns = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => check.NowAsync(whole: false, CancellationToken.None)));
        Assert.Equal(turns.Count(turn => turn is not null), await CountAsync() - before);
        Assert.Contains(turns, turn => turn is not null);

        // A sound turn takes the place of the one before it; all of them are counted as they come in.
        async Task CountTurnsAsync() => await new Books(app).SeeAsync<object>(
            """
            create table turns (id uuid);
            create function turn() returns trigger language plpgsql security definer set search_path = public as $$ begin insert into turns values (new.id); return null; end $$;
            create trigger turn after insert on ledger_checks for each row execute function turn();
            """);
        async Task<long> CountAsync() => await new Books(app).SeeAsync<long>("select count(*) from turns");
    }

    [Fact]
    public async Task Of_sound_turns_the_newest_is_kept_and_those_that_read_everything_or_found_something_for_a_month()
    {
        var books = new Books(app);
        await CheckAsync(whole: true);
        await books.SeeAsync<object>(
            """
            insert into ledger_checks (id, whole, started_at, finished_at, lines, drifts)
            select gen_random_uuid(), whole, now() - age, now() - age, lines, drifts from (values
              (false, interval '1 minute', 7001, 0), (true, interval '29 days', 7002, 0), (true, interval '31 days', 7003, 0), (false, interval '29 days', 7004, 3), (false, interval '31 days', 7005, 3)) as turns (whole, age, lines, drifts)
            """);
        for (var turn = 0; turn < 3; turn++) await CheckAsync(whole: false);
        Assert.Equal("7002, 7004", await books.SeeAsync<string>("select string_agg(lines::text, ', ' order by lines) from ledger_checks where lines between 7001 and 7005"));
        Assert.Equal(1L, await books.SeeAsync<long>("select count(*) from ledger_checks where drifts = 0 and not whole"));
        Assert.True(await books.SeeAsync<long>("select count(*) from ledger_checks where whole") >= 2); // the one above too
    }

    private async Task<CheckResult> CheckAsync(bool whole)
    {
        while (true)
            if (await app.Services.GetRequiredService<LedgerCheck>().NowAsync(whole, CancellationToken.None) is { } result) return result; // unless the service itself is at it
    }

    /// <summary>The dispatcher takes events out of the outbox; a copy of what went in stays.</summary>
    private Task TellOutboxAsync() => new Books(app).SeeAsync<object>(
        """
        create table told (type text, body jsonb);
        create function tell() returns trigger language plpgsql security definer set search_path = public as $$
        begin insert into told values (new.type, new.body::jsonb); return null; end $$;
        create trigger tell after insert on kernel.outbox for each row execute function tell();
        """);
}
