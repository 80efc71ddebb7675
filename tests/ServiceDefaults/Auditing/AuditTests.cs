using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Empire.Data;
using Empire.Http;
using Empire.Testing;
using Empire.Tests.Effects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Empire.Tests.Auditing;

/// <summary>Who, what, when and from where, committed with the change, and never altered.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    private TestDatabase test = null!;
    private TestSite site = null!;

    public async ValueTask InitializeAsync()
    {
        test = await TestDatabase.CreateAsync("shop", typeof(Letter).Assembly);
        site = await TestSite.StartAsync(
            app =>
            {
                app.MapPost("/orders/{id}/forgotten", (string id, Caller caller, Database db, CancellationToken ct) => ChangeAsync(id, caller, db, null, ct)).WithName("ForgottenOrder").WithIdempotencyKey();
                app.MapPost("/orders/{id}/told", (string id, Caller caller, Database db, CancellationToken ct) =>
                    ChangeAsync(id, caller, db, work => work.Audit("order.told", "order", id, new { how_many = 2 }), ct));
                app.MapPost("/orders/{id}/bookkeeping", (string id, Caller caller, Database db, CancellationToken ct) => ChangeAsync(id, caller, db, work => work.NothingToAudit(), ct));
                app.MapPost("/orders/{id}/refused", async (string id, Caller caller, Database db, CancellationToken ct) =>
                {
                    await using var work = await db.BeginAsync(caller.Tenant, ct);
                    work.Audit("order.refused", "order", id);
                    return TypedResults.Conflict();
                });
                app.MapPost("/orders/{id}/read", async (string id, Caller caller, Database db, CancellationToken ct) =>
                {
                    await using var work = await db.BeginAsync(caller.Tenant, ct);
                    var count = await work.QuerySingleAsync<int>("select count(*)::int from orders", ct: ct);
                    await work.CommitAsync(ct);
                    return count;
                });
                app.MapGet("/orders/{id}/safe", (string id, Caller caller, Database db, CancellationToken ct) => ChangeAsync(id, caller, db, null, ct));
            },
            builder => builder.AddDatabase("shop"),
            $"--ConnectionStrings:shop={test.ConnectionString}", "--LOG_LEVEL=CRITICAL");
    }

    public async ValueTask DisposeAsync()
    {
        await site.DisposeAsync();
        await test.DisposeAsync();
    }

    [Fact]
    public async Task A_change_that_nobody_wrote_down_is_in_the_log_with_who_what_and_from_where()
    {
        var client = site.As();
        client.DefaultRequestHeaders.Add(ClientAddress.Header, site.Services.GetRequiredService<CallerToken>().SignAddress(IPAddress.Parse("203.0.113.9")));
        client.DefaultRequestHeaders.Add("Idempotency-Key", "once"); // whose own rows are not told of
        await PostAsync(client, "/orders/ord_1/forgotten");
        var entry = Assert.Single(await ListAsync("?entity=ord_1"));
        Assert.Equal(("user:test", "ForgottenOrder", "forgotten", "203.0.113.9"), (Text(entry, "actor"), Text(entry, "action"), Text(entry, "entity_type"), Text(entry, "address")));
        Assert.Equal("ord_1", entry.GetProperty("details").GetProperty("id").GetString());
        Assert.Matches("^[0-9a-f]{32}$", Text(entry, "trace_id"));
        Assert.True(entry.GetProperty("at").GetDateTimeOffset() > TimeProvider.System.GetUtcNow().AddMinutes(-5));
        Assert.Single(await ListAsync(""));
    }

    [Fact]
    public async Task What_a_handler_writes_down_itself_stands_alone()
    {
        await PostAsync(site.As(), "/orders/ord_2/told");
        var entry = Assert.Single(await ListAsync("?entity=ord_2&entity_type=order&actor=user:test"));
        Assert.Equal(("order.told", 2), (Text(entry, "action"), entry.GetProperty("details").GetProperty("how_many").GetInt32()));
    }

    [Theory]
    [InlineData("/orders/ord_3/refused")]     // rolled back
    [InlineData("/orders/ord_3/read")]        // changed nothing
    [InlineData("/orders/ord_3/bookkeeping")]
    public async Task What_changed_nothing_leaves_nothing(string path)
    {
        await site.As().PostAsync(new Uri(path, UriKind.Relative), null);
        Assert.Empty(await ListAsync(""));
    }

    [Fact]
    public async Task A_safe_request_is_no_act()
    {
        await site.As().GetAsync(new Uri("/orders/ord_4/safe", UriKind.Relative));
        Assert.Empty(await ListAsync(""));
    }

    [Fact]
    public async Task The_log_is_paged_and_each_account_s_own()
    {
        for (var i = 0; i < 5; i++) await PostAsync(site.As(), $"/orders/ord_{i}/told");
        var first = await site.As().GetFromJsonAsync<JsonElement>("/api/v1/shop/audit?limit=3");
        var second = await site.As().GetFromJsonAsync<JsonElement>($"/api/v1/shop/audit?limit=3&cursor={Text(first, "next_cursor")}");
        var entities = first.GetProperty("data").EnumerateArray().Concat(second.GetProperty("data").EnumerateArray()).Select(e => Text(e, "entity_id"));
        Assert.Equal(["ord_4", "ord_3", "ord_2", "ord_1", "ord_0"], entities);
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next_cursor").ValueKind);
        var others = site.As(tenant: TenantId.New(TimeProvider.System.GetUtcNow()));
        Assert.Equal(0, (await others.GetFromJsonAsync<JsonElement>("/api/v1/shop/audit?entity=ord_1")).GetProperty("data").GetArrayLength());
        Assert.Equal(HttpStatusCode.Forbidden, (await site.As("member").GetAsync(new Uri("/api/v1/shop/audit", UriKind.Relative))).StatusCode);
    }

    [Theory]
    [InlineData("update kernel.audit set actor = 'nobody'")]
    [InlineData("delete from kernel.audit")]
    [InlineData("truncate kernel.audit")]
    public async Task The_service_cannot_alter_it(string attempt)
    {
        await PostAsync(site.As(), "/orders/ord_5/told");
        foreach (var begin in (Func<Task<Work>>[])[() => test.Database.BeginAsync(site.Tenant, default), () => test.Database.BeginSystemAsync(default)])
        {
            await using var work = await begin();
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => work.ExecuteAsync(attempt))).SqlState);
        }
        Assert.Single(await ListAsync("?entity=ord_5"));
    }

    [Fact]
    public async Task Work_for_several_accounts_leaves_each_its_own_line()
    {
        var now = TimeProvider.System.GetUtcNow();
        var (ada, bob) = (TenantId.New(now), TenantId.New(now.AddSeconds(1)));
        await using (var work = await test.Database.BeginSystemAsync(default))
        {
            work.Audit("sweep.begun", "sweep", null);
            foreach (var tenant in (TenantId[])[ada, bob])
            {
                await work.ActForAsync(tenant);
                work.Audit("order.swept", "order", tenant.ToString());
            }
            await work.CommitAsync(default);
        }
        await using var owner = await test.OpenAsOwnerAsync();
        var rows = await owner.QueryAsync<(Guid, string, string)>("select tenant_id, action, actor from kernel.audit order by action, tenant_id");
        Assert.Equal([(ada.Value, "order.swept", "system"), (bob.Value, "order.swept", "system"), (Guid.Empty, "sweep.begun", "system")], rows);
    }

    private static async Task<IResult> ChangeAsync(string id, Caller caller, Database db, Action<Work>? tell, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        await work.ExecuteAsync("insert into orders (id, tenant_id, item) values (@order, @Tenant, @id)", new { order = Guid.CreateVersion7(), caller.Tenant, id }, ct);
        tell?.Invoke(work);
        await work.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private static async Task PostAsync(HttpClient client, string path)
    {
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private async Task<IReadOnlyList<JsonElement>> ListAsync(string query) =>
        [.. (await site.As().GetFromJsonAsync<JsonElement>($"/api/v1/shop/audit{query}")).GetProperty("data").EnumerateArray()];

    private static string Text(JsonElement json, string field) => json.GetProperty(field).GetString()!;
}
