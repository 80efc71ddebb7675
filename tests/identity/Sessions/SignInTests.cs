using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using Dapper;
using Empire.Identity.People;
using Empire.Identity.Sessions;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Identity.Tests.Sessions;

/// <summary>A service with few connections, of which one is its ear at the database, and no end of tries.</summary>
public sealed class FewConnectionsApp : PeopleApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [.. base.Settings, new("ConnectionStrings:identity", $"{TestDatabase.ConnectionString};Maximum Pool Size=4"), new("MAX_LOGIN_ATTEMPTS", "100")];
}

public sealed class FewConnectionsTests(FewConnectionsApp app) : IClassFixture<FewConnectionsApp>
{
    [Fact]
    public async Task However_many_sign_in_at_once_with_something_in_the_way_none_holds_one_connection_and_waits_for_another()
    {
        var email = await app.RegisteredAsync();
        await using var database = await app.OpenAsync();
        await database.ExecuteAsync("delete from memberships where user_id = (select id from users where email = @email)", new { email });
        await using var slow = await app.OpenAsync();
        await using var transaction = await slow.BeginTransactionAsync();
        await slow.ExecuteAsync("select from users where email = @email for update", new { email }, transaction);
        var signIns = Enumerable.Range(0, 8).Select(_ => app.SignInAsync(email)).ToList();
        await Eventually.TrueAsync(() => database.QuerySingleAsync<bool>("select count(*) > 2 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"));
        await transaction.CommitAsync();
        foreach (var answer in await Task.WhenAll(signIns))
            using (answer) Assert.Equal((HttpStatusCode.Forbidden, "NO_ACCOUNT"), (answer.StatusCode, await answer.CodeAsync()));
    }
}

public sealed class SignInTests(PeopleApp app) : IClassFixture<PeopleApp>
{
    private const string Wrong = "not the right one";

    [Fact]
    public async Task Five_wrong_tries_then_the_right_password_answers_423_until_the_lock_ends()
    {
        var email = await app.RegisteredAsync();
        for (var i = 0; i < 5; i++)
        {
            using var wrong = await app.SignInAsync(email, Wrong, address: "203.0.113.9");
            Assert.Equal((HttpStatusCode.Unauthorized, "INVALID_CREDENTIALS"), (wrong.StatusCode, await wrong.CodeAsync()));
        }
        using (var locked = await app.SignInAsync(email))
        {
            Assert.Equal((HttpStatusCode.Locked, "ACCOUNT_LOCKED"), (locked.StatusCode, await locked.CodeAsync()));
            Assert.Equal(TimeSpan.FromMinutes(15), locked.Headers.RetryAfter!.Delta);
        }
        var told = Assert.Single(await app.HeardAsync("UserLockedOut", email));
        Assert.Contains("203.0.113.9", told.GetRawText(), StringComparison.Ordinal);
        await using (var events = await app.OpenAsync())
            Assert.Contains("203.0.113.9", await events.QuerySingleAsync<string>("select details::text from security_events where kind = 'sign-in-locked' and tenant_id = (select tenant_id from memberships m join users u on u.id = m.user_id where u.email = @email)", new { email }), StringComparison.Ordinal);

        app.Clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        using (var still = await app.SignInAsync(email)) Assert.Equal(HttpStatusCode.Locked, still.StatusCode);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        using var open = await app.SignInAsync(email);
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        await using var database = await app.OpenAsync();
        Assert.Equal(app.Clock.GetUtcNow().UtcDateTime, await database.QuerySingleAsync<DateTime>("select last_login_at from users where email = @email", new { email }));
    }

    [Fact]
    public async Task A_client_that_goes_away_at_the_fifth_try_leaves_a_lock_that_is_told_of()
    {
        var email = await app.RegisteredAsync();
        for (var i = 0; i < 4; i++) (await app.SignInAsync(email, Wrong)).Dispose();
        using var gone = new CancellationTokenSource();
        using (new Comparisons(app, gone.Cancel)) // it goes while its guess is compared
        {
            using var client = app.CreateClient(new() { HandleCookies = false });
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.PostAsJsonAsync("/api/auth/login", new { email, password = Wrong }, gone.Token));
        }
        await Eventually.EqualAsync(1, async () => (await app.HeardAsync("UserLockedOut", email)).Count); // no time has passed: not the worker's doing
        Assert.Equal(1, await LockEventsAsync(email));
        using var locked = await app.SignInAsync(email);
        Assert.Equal(HttpStatusCode.Locked, locked.StatusCode);
    }

    [Fact]
    public async Task Tries_whose_client_goes_away_before_the_answer_count_like_any_other()
    {
        var email = await app.RegisteredAsync();
        for (var i = 0; i < 5; i++)
        {
            using var gone = new CancellationTokenSource();
            using var compared = new Comparisons(app, gone.Cancel); // it goes while its guess is compared
            using var client = app.CreateClient(new() { HandleCookies = false });
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.PostAsJsonAsync("/api/auth/login", new { email, password = Wrong }, gone.Token));
        }
        using var locked = await app.SignInAsync(email);
        Assert.Equal((HttpStatusCode.Locked, "ACCOUNT_LOCKED"), (locked.StatusCode, await locked.CodeAsync()));
    }

    [Fact]
    public async Task A_lock_whose_process_died_before_the_comparison_is_told_of_by_another_once()
    {
        var email = await app.RegisteredAsync();
        for (var i = 0; i < 4; i++) (await app.SignInAsync(email, Wrong)).Dispose();
        await using (var work = await app.Database.BeginSystemAsync(default)) // what the fifth try commits before it compares
        {
            var person = await UserTable.FindAsync(work, email, default);
            Assert.True((await SignInTries.TakeAsync(work, email, person!.Id, "203.0.113.9", new SessionOptions(), app.Clock.GetUtcNow(), default)).Last);
            await work.CommitAsync(default);
        }
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Empty(await app.HeardAsync("UserLockedOut", email)); // it may still be compared
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.EqualAsync(1, async () => (await app.HeardAsync("UserLockedOut", email)).Count);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("203.0.113.9", Assert.Single(await app.HeardAsync("UserLockedOut", email)).GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1, await LockEventsAsync(email));
    }

    [Fact]
    public async Task A_right_password_at_the_last_try_tells_of_no_lock()
    {
        var email = await app.RegisteredAsync();
        for (var i = 0; i < 4; i++) (await app.SignInAsync(email, Wrong)).Dispose();
        using (var right = await app.SignInAsync(email)) Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, await LockEventsAsync(email));
        Assert.Empty(await app.HeardAsync("UserLockedOut", email));
    }

    [Fact]
    public async Task Guessing_the_password_from_a_session_that_was_left_open_locks_and_is_told_of_too()
    {
        var email = await app.RegisteredAsync();
        var browser = await app.BrowserAsync(email);
        for (var i = 0; i < 5; i++)
            using (var wrong = await browser.PostAsync("/api/auth/password", new { current = Wrong, @new = "another long phrase" })) Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
        using (var locked = await browser.PostAsync("/api/auth/password", new { current = PeopleApp.Password, @new = "another long phrase" })) Assert.Equal(HttpStatusCode.Locked, locked.StatusCode);
        Assert.Single(await app.HeardAsync("UserLockedOut", email));
        Assert.Equal(1, await LockEventsAsync(email));
    }

    [Fact]
    public async Task The_second_lock_in_a_row_lasts_twice_as_long()
    {
        var email = await app.RegisteredAsync();
        for (var i = 0; i < 5; i++) (await app.SignInAsync(email, Wrong)).Dispose();
        app.Clock.Advance(TimeSpan.FromMinutes(15));
        for (var i = 0; i < 5; i++) (await app.SignInAsync(email, Wrong)).Dispose();
        using var locked = await app.SignInAsync(email);
        Assert.Equal(TimeSpan.FromMinutes(30), locked.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task Of_fifty_wrong_tries_at_once_five_are_compared()
    {
        var email = await app.RegisteredAsync();
        using var counted = new Comparisons(app);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.SignInAsync(email, Wrong)));
        Assert.Equal(5, counted.Count);
        Assert.Equal(45, answers.Count(a => a.StatusCode == HttpStatusCode.Locked));
        Assert.Single(await app.HeardAsync("UserLockedOut", email));
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task An_address_nobody_has_costs_the_same_work_and_gets_the_same_answers_the_lock_included()
    {
        var (known, unknown, keyed) = (await app.RegisteredAsync(), PeopleApp.NewEmail(), PeopleApp.NewEmail());
        using var client = app.CreateClient();
        using (var body = JsonContent.Create(new { email = keyed })) (await client.PostAsync("/api/signup", body)).Dispose(); // has no password
        for (var i = 0; i < 6; i++)
        {
            List<(HttpStatusCode, string?, long)> seen = [];
            foreach (var email in (string[])[known, unknown, keyed])
            {
                using var counted = new Comparisons(app);
                using var answer = await app.SignInAsync(email, Wrong);
                seen.Add((answer.StatusCode, await answer.CodeAsync(), counted.Count));
            }
            Assert.Single(seen.Distinct());
            Assert.Equal(i < 5 ? (HttpStatusCode.Unauthorized, "INVALID_CREDENTIALS", 1) : (HttpStatusCode.Locked, "ACCOUNT_LOCKED", 0), seen[0]);
        }
        Assert.Empty(await app.HeardAsync("UserLockedOut", unknown));
    }

    [Fact]
    public async Task The_right_password_forgets_wrong_tries_before_it()
    {
        var email = await app.RegisteredAsync();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 4; i++) (await app.SignInAsync(email, Wrong)).Dispose();
            using var right = await app.SignInAsync(email);
            Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        }
    }

    [Fact]
    public async Task A_sign_in_from_a_new_place_is_told_and_a_known_one_is_not()
    {
        var email = await app.RegisteredAsync();
        (await app.SignInAsync(email, address: "203.0.113.1", agent: "Firefox")).Dispose();
        (await app.SignInAsync(email, address: "203.0.113.1", agent: "Firefox")).Dispose();
        Assert.Empty(await app.HeardAsync("NewSignIn", email));
        (await app.SignInAsync(email, address: "198.51.100.7", agent: "Firefox")).Dispose();
        (await app.SignInAsync(email, address: "198.51.100.7", agent: "Firefox")).Dispose();
        var told = Assert.Single(await app.HeardAsync("NewSignIn", email));
        Assert.Contains("198.51.100.7", told.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_sets_a_cookie_that_scripts_and_other_sites_cannot_use_and_shows_who_is_in()
    {
        var email = await app.RegisteredAsync();
        using var response = await app.SignInAsync(email);
        var cookie = response.Headers.GetValues("Set-Cookie").Single();
        Assert.Matches("^__Host-empire-session=[A-Za-z0-9_-]{43}; path=/; secure; samesite=lax; httponly$", cookie);
        var answer = await response.JsonAsync();
        Assert.Equal((email, "user", "owner"), (answer.GetProperty("user").GetProperty("email").GetString(), answer.GetProperty("user").GetProperty("role").GetString(),
            answer.GetProperty("user").GetProperty("tenant_role").GetString()));
        var who = await app.AuthenticateAsync(new() { Session = PeopleApp.CookieOf(response) });
        Assert.Equal((who!.AntiforgeryToken, 0), (answer.GetProperty("csrf_token").GetString(), who.CacheSeconds));
        Assert.DoesNotContain(PeopleApp.CookieOf(response), answer.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_kept_by_fewer_rounds_is_kept_anew_when_it_was_right()
    {
        var email = await app.RegisteredAsync();
        var old = new Microsoft.AspNetCore.Identity.PasswordHasher<object>().HashPassword(new(), PeopleApp.Password); // 100,000 rounds
        await using var database = await app.OpenAsync();
        await database.ExecuteAsync("update users set password_hash = @old where email = @email", new { old, email });
        (await app.SignInAsync(email)).Dispose();
        Assert.NotEqual(old, await database.QuerySingleAsync<string>("select password_hash from users where email = @email", new { email }));
        using var again = await app.SignInAsync(email);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task The_owner_of_the_installation_signs_in_as_its_admin()
    {
        var owner = await app.BrowserAsync(PeopleApp.OwnerEmail, PeopleApp.OwnerPassword);
        var who = await owner.WhoAsync();
        Assert.Equal(("owner", true, "enterprise", false), (who!.Role, who.Operator, who.Tier, who.Metered));
    }

    [Fact]
    public async Task Who_comes_from_where_their_first_account_lets_nobody_in_begins_in_the_next_that_does()
    {
        var email = await app.ConfirmedAsync();
        var (person, host) = (await app.BrowserAsync(email), await app.BrowserAsync(await app.RegisteredAsync()));
        var (own, second) = ((await person.WhoAsync())!.TenantId, (await host.WhoAsync())!.TenantId);
        using (var added = await host.PostAsync("/api/v1/identity/members", new { email })) Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        using (var accepted = await person.PostAsync("/api/auth/switch", new { tenant = new TenantId(Guid.Parse(second)).ToString() })) Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.Equal(own, await AccountFromAsync("192.0.2.7"));
        await ShutAsync(await app.BrowserAsync(email), "10.0.0.0/8");
        Assert.Equal((own, second), (await AccountFromAsync("10.1.2.3"), await AccountFromAsync("192.0.2.7")));
        await ShutAsync(host, "172.16.0.0/12");
        Assert.Equal((own, second), (await AccountFromAsync("192.0.2.7"), await AccountFromAsync("172.16.1.1")));   // where none does, the first

        async Task<string> AccountFromAsync(string address)
        {
            using var answer = await app.SignInAsync(email, address: address);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return PublicId.Parse("ten", (await answer.JsonAsync()).GetProperty("user").Text("tenant")).ToString();
        }

        static async Task ShutAsync(Browser owner, string networks)
        {
            using var set = await owner.PostAsync("/api/v1/identity/access-controls", new { control_type = "ip_whitelist", control_value = networks, force = true });
            Assert.Equal(HttpStatusCode.Created, set.StatusCode);
        }
    }

    private async Task<int> LockEventsAsync(string email)
    {
        await using var database = await app.OpenAsync();
        return await database.QuerySingleAsync<int>(
            "select count(*)::int from security_events where kind = 'sign-in-locked' and tenant_id = (select tenant_id from memberships m join users u on u.id = m.user_id where u.email = @email)", new { email });
    }

    /// <summary>How many passwords this service compared, from here on.</summary>
    private sealed class Comparisons : IDisposable
    {
        private readonly MeterListener listener = new();
        private long count;

        /// <param name="each">Done as each begins.</param>
        public Comparisons(PeopleApp app, Action? each = null)
        {
            var meters = app.Services.GetRequiredService<IMeterFactory>();
            listener.InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Name == Passwords.Metric && ReferenceEquals(instrument.Meter.Scope, meters)) l.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>((_, value, _, _) =>
            {
                Interlocked.Add(ref count, value);
                each?.Invoke();
            });
            listener.Start();
        }

        public long Count => Interlocked.Read(ref count);

        public void Dispose() => listener.Dispose();
    }
}
