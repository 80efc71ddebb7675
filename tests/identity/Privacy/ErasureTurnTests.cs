using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Empire.Contracts;
using Empire.Identity.Privacy;
using Empire.Identity.Sessions;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Empire.Identity.Tests.Privacy;

/// <summary>Where an erasure is due when it is asked for: the clock stands, and no turn is taken but the test's.</summary>
public sealed class NoGraceApp : AccountsApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Privacy:ErasureGrace", "00:00:00")];
}

/// <summary>Two who wait for each other are told so by the database, and one of them has failed: whatever meets an erasure locks in its order.</summary>
public sealed class ErasureTurnTests(NoGraceApp app) : IClassFixture<NoGraceApp>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_asks_for_a_mail_while_they_are_forgotten_is_sent_none_and_nothing_is_left_of_the_wish(bool hasLink)
    {
        var (ada, own, client) = await PersonAsync();
        if (hasLink) await LinkAsync(ada, "an earlier link");
        await AskAsync(client, ada);
        await TurnAsync(ada, own, async owner =>
        {
            using var asked = await client.PostAsJsonAsync("/api/auth/forgot-password", new { email = EmailOf(ada) });
            Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
            await WaitingAsync(owner, 2, longerThan: "deadlock_timeout"); // it looks once for a circle: who closes one later is the one that fails
        });
        await using var database = await app.TestDatabase.OpenAsOwnerAsync();
        await Eventually.EqualAsync((0, 0), () => database.QuerySingleAsync<(int, int)>(
            "select (select count(*)::int from mail_requests), (select count(*)::int from one_time_tokens where user_id = @ada)", new { ada }));
        Assert.DoesNotContain(await app.HeardAsync<PasswordResetRequested>(), e => e.UserId == ada);
    }

    [Fact]
    public async Task Whom_an_account_asks_to_join_again_while_they_are_forgotten_nobody_knows()
    {
        var (ada, own, client) = await PersonAsync();
        var (_, asking, host) = await PersonAsync();
        await using var database = await app.TestDatabase.OpenAsOwnerAsync();
        await database.ExecuteAsync(
            "insert into member_asks (id, tenant_id, email_hash, asked_at) values (gen_random_uuid(), @Value, sha256(convert_to(@email, 'UTF8')), @at)",
            new { asking.Value, email = EmailOf(ada), at = app.Clock.GetUtcNow().UtcDateTime.AddDays(-2) });
        await AskAsync(client, ada);
        Task<HttpResponseMessage>? added = null;
        await TurnAsync(ada, own, async owner =>
        {
            added = host.PostAsJsonAsync("/api/v1/identity/members", new { email = EmailOf(ada) });
            await WaitingAsync(owner, 2);
        });
        using var answer = await added!;
        Assert.Equal((HttpStatusCode.NotFound, "NO_SUCH_PERSON"), (answer.StatusCode, await answer.CodeAsync()));
    }

    [Fact]
    public async Task A_first_proof_that_is_under_way_when_an_erasure_is_due_cancels_it_and_the_erasure_does_not_begin()
    {
        var (ada, _, client) = await PersonAsync();
        await LinkAsync(ada, "the link");
        await AskAsync(client, ada);
        await using var holding = await app.TestDatabase.OpenAsOwnerAsync();
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await using var transaction = await holding.BeginTransactionAsync();
        await holding.ExecuteAsync("select from users where id = @ada for no key update", new { ada }, transaction); // the password waits, and the link is spent
        var reset = client.PostAsJsonAsync("/api/auth/reset-password", new { token = "the link", password = "nine quiet lanterns" });
        await WaitingAsync(owner, 1);
        await TurnAsync().WaitAsync(TimeSpan.FromMinutes(1)); // it waits for nobody, and nobody for it
        await transaction.CommitAsync();
        using var set = await reset;
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        Assert.Equal((EmailOf(ada), "cancelled"), await owner.QuerySingleAsync<(string, string)>("select u.email, r.state from users u join privacy_requests r on r.user_id = u.id where u.id = @ada", new { ada }));
    }

    [Fact]
    public async Task What_has_run_out_is_cleared_away_but_for_what_is_locked_and_that_the_next_time()
    {
        var (ada, own, _) = await PersonAsync();
        var (grace, _, _) = await PersonAsync();
        foreach (var user in (Guid[])[ada, grace]) await LinkAsync(user, $"an old link of {user}", age: TimeSpan.FromHours(2));
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("insert into member_asks (id, tenant_id, email_hash, asked_at) values (gen_random_uuid(), @Value, sha256('x'), @at)", new { own.Value, at = app.Clock.GetUtcNow().UtcDateTime.AddDays(-2) });
        var sweep = app.Services.GetServices<IHostedService>().OfType<Sweep>().Single();
        await using (var holding = await app.TestDatabase.OpenAsOwnerAsync())
        {
            await using var transaction = await holding.BeginTransactionAsync();
            await holding.ExecuteAsync("select from one_time_tokens where user_id = @ada for update", new { ada }, transaction);
            await sweep.RunAsync(default);
            Assert.Equal((1, 0, 0), await LeftAsync());
        }
        await sweep.RunAsync(default);
        Assert.Equal((0, 0, 0), await LeftAsync());

        Task<(int, int, int)> LeftAsync() => owner.QuerySingleAsync<(int, int, int)>(
            """
            select (select count(*)::int from one_time_tokens where user_id = @ada), (select count(*)::int from one_time_tokens where user_id = @grace),
              (select count(*)::int from member_asks where tenant_id = @Value)
            """, new { ada, grace, own.Value });
    }

    private async Task<(Guid User, TenantId Tenant, HttpClient Client)> PersonAsync()
    {
        var (user, tenant) = (await app.UserAsync(), await app.AccountAsync());
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("insert into memberships (tenant_id, user_id, role, created_at) values (@Value, @user, 'owner', now())", new { tenant.Value, user });
        return (user, tenant, app.Of(tenant, actor: $"user:{user:N}"));
    }

    private static string EmailOf(Guid user) => $"{user:n}@people.example";

    private async Task LinkAsync(Guid user, string token, TimeSpan? age = null)
    {
        var made = (app.Clock.GetUtcNow() - (age ?? TimeSpan.FromMinutes(5))).UtcDateTime;
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("insert into one_time_tokens (token_hash, user_id, purpose, created_at, expires_at) values (@hash, @user, 'reset-password', @made, @ends)",
            new { hash = SHA256.HashData(Encoding.UTF8.GetBytes(token)), user, made, ends = made.AddHours(1) });
    }

    private static async Task AskAsync(HttpClient client, Guid user)
    {
        using var asked = await client.PostAsJsonAsync("/api/v1/identity/privacy/erasures", new { confirm = EmailOf(user) });
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
    }

    private Task TurnAsync() => app.Services.GetRequiredService<PrivacyProcess>().TurnAsync(default);

    /// <summary>One turn, in which the person is forgotten.</summary>
    /// <param name="meanwhile">When it has locked what there is of the person, and before it takes that away.</param>
    private async Task TurnAsync(Guid user, TenantId own, Func<NpgsqlConnection, Task> meanwhile)
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync(
            "insert into access_controls (id, tenant_id, user_id, control_type, control_value, created_by, created_at) values (gen_random_uuid(), @Value, @user, 'session_timeout', '600', 'user:test', now())",
            new { own.Value, user });
        await using var holding = await app.TestDatabase.OpenAsOwnerAsync();
        await using var transaction = await holding.BeginTransactionAsync();
        await holding.ExecuteAsync("select from access_controls where user_id = @user for update", new { user }, transaction); // which goes after their place
        var turn = TurnAsync();
        await WaitingAsync(owner, 1);
        await meanwhile(owner);
        await transaction.CommitAsync();
        await turn;
        Assert.Equal($"erased-{user:n}@erased.invalid", await owner.QuerySingleAsync<string>("select email from users where id = @user", new { user }));
    }

    /// <summary>As many wait for what another has locked.</summary>
    /// <param name="longerThan">A setting of the server's: the first of them has, for so long.</param>
    private static Task WaitingAsync(NpgsqlConnection owner, int many, string? longerThan = null) => Eventually.TrueAsync(() => owner.QuerySingleAsync<bool>(
        """
        select count(*) >= @many and (@longerThan::text is null or bool_and(clock_timestamp() - waitstart > 1.1 * current_setting(@longerThan)::interval))
        from pg_locks where not granted and pid in (select pid from pg_stat_activity where datname = current_database())
        """, new { many, longerThan }));
}
