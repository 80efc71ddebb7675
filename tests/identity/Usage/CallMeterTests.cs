using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Empire.Contracts;
using Empire.Contracts.V1;
using Empire.Http;
using Empire.Testing;
using Grpc.Core;

namespace Empire.Identity.Tests.Usage;

public sealed class CallMeterTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    [Fact]
    public async Task Of_three_hundred_calls_at_once_exactly_a_hundred_pass()
    {
        var tenant = await app.AccountAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => SpendAsync(tenant)));
        Assert.Equal(100, answers.Count(answer => answer is not null));
        Assert.Equal(Enumerable.Range(1, 100).Select(n => (long)n), answers.OfType<SpendCallReply>().Select(answer => answer.Used).Order());
        Assert.Equal(100, await UsedAsync(tenant, "api_calls"));
    }

    [Fact]
    public async Task At_the_turn_of_the_month_the_count_begins_anew()
    {
        var tenant = await app.AccountAsync();
        var before = await SpendAsync(tenant);
        var turn = new DateTimeOffset(app.Clock.GetUtcNow().Year, app.Clock.GetUtcNow().Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
        Assert.Equal(turn, before!.ResetsAt.ToDateTimeOffset());
        app.Clock.Advance(turn - app.Clock.GetUtcNow() - TimeSpan.FromSeconds(1));
        for (var call = 1; call < 100; call++) Assert.NotNull(await SpendAsync(tenant));
        Assert.Null(await SpendAsync(tenant));
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await UsedAsync(tenant, "api_calls"));
        Assert.Equal(1, (await SpendAsync(tenant))!.Used);
        await ReturnAsync(tenant, before.Receipt); // a call of the old month goes back to the old month
        Assert.Equal(1, await UsedAsync(tenant, "api_calls"));
    }

    [Fact]
    public async Task A_receipt_counts_once_and_for_its_own_account()
    {
        var (tenant, other) = (await app.AccountAsync(), await app.AccountAsync());
        var receipt = (await SpendAsync(tenant))!.Receipt;
        await SpendAsync(tenant);
        await SpendAsync(other);
        await ReturnAsync(other, receipt);
        Assert.Equal((2, 1), (await UsedAsync(tenant, "api_calls"), await UsedAsync(other, "api_calls")));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ReturnAsync(tenant, receipt)));
        Assert.Equal(1, await UsedAsync(tenant, "api_calls"));
        await Assert.ThrowsAsync<RpcException>(() => ReturnAsync(tenant, "nonsense"));
    }

    [Fact]
    public async Task An_upgrade_lifts_the_limit_with_the_next_call_and_is_announced()
    {
        var tenant = await app.AccountAsync();
        for (var call = 0; call < 100; call++) await SpendAsync(tenant);
        Assert.Null(await SpendAsync(tenant));
        using (var changed = await app.Operator().PatchAsJsonAsync($"/admin/tenants/{tenant}", new { tier = "pro" }))
            Assert.Equal("professional", (await changed.JsonAsync()).Text("tier"));
        Assert.Equal((101, 1000), ((await SpendAsync(tenant)) is { } reply ? (reply.Used, reply.Limit) : default));
        Assert.Equal(("professional", "free"), (await app.HeardAsync<TierChanged>()).Where(e => e.TenantId == tenant.Value).Select(e => (e.Tier, e.Before)).Single());
        using (var changed = await app.Operator().PatchAsJsonAsync($"/admin/tenants/{tenant}", new { tier = "enterprise" })) Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal((102, 0), ((await SpendAsync(tenant)) is { } unlimited ? (unlimited.Used, unlimited.Limit) : default));
        Assert.False((await app.AuthenticateAsync(await app.KeyAsync(tenant)))!.Metered);
    }

    [Fact]
    public async Task Calls_without_a_limit_are_added_by_the_gateway_alone_and_a_batch_counts_once()
    {
        var (tenant, other) = (await app.AccountAsync("enterprise"), await app.AccountAsync("enterprise"));
        var gateway = new Caller(default, "service:gateway", "service");
        var now = app.Clock.GetUtcNow();
        var batch = new CountCallsRequest { Batch = Guid.CreateVersion7().ToString() };
        foreach (var (account, calls) in ((TenantId, long)[])[(tenant, 5), (other, 2), (tenant, 1), (TenantId.New(now), 9)])
            batch.Calls.Add(new CountedCalls { TenantId = account.Value.ToString(), Year = now.Year, Month = now.Month, Calls = calls });
        batch.Calls.Add(new CountedCalls { TenantId = tenant.Value.ToString(), Year = now.Year - 1, Month = now.Month, Calls = 100 });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => await app.Grpc().CountCallsAsync(batch, app.For(gateway))));
        Assert.Equal((6, 2), (await UsedAsync(tenant, "api_calls"), await UsedAsync(other, "api_calls")));
        batch.Batch = Guid.CreateVersion7().ToString();
        await app.Grpc().CountCallsAsync(batch, app.For(gateway));
        Assert.Equal((12, 4), (await UsedAsync(tenant, "api_calls"), await UsedAsync(other, "api_calls")));
        foreach (var caller in (Caller[])[new(tenant, "service:content", "service"), new(tenant, "user:owner", "owner")])
            Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(async () => await app.Grpc().CountCallsAsync(batch, app.For(caller)))).StatusCode);
        batch.Calls[0].Calls = -5;
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(async () => await app.Grpc().CountCallsAsync(batch, app.For(gateway)))).StatusCode);
    }

    [Fact]
    public async Task Only_the_operator_changes_an_account_and_wrong_values_are_named()
    {
        var tenant = await app.AccountAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Of(tenant).PatchAsJsonAsync($"/admin/tenants/{tenant}", new { tier = "enterprise" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Operator().PatchAsJsonAsync($"/admin/tenants/{tenant}", new { tier = "gold" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Operator().PatchAsJsonAsync($"/admin/tenants/{TenantId.New(app.Clock.GetUtcNow())}", new { tier = "pro" })).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await app.Operator().PatchAsJsonAsync($"/admin/tenants/{app.OperatorTenant}", new { is_active = false })).StatusCode);
    }

    [Fact]
    public async Task Usage_shows_what_is_used_and_allowed_of_each_item_whatever_order_reports_come_in()
    {
        var tenant = await app.AccountAsync();
        await SpendAsync(tenant);
        foreach (var (service, used, revision) in ((string, long, long)[])[("publishing", 3, 4), ("publishing", 9, 3), ("autopilot", 2, 1)])
            await TellAsync(tenant, service, used, revision);
        await Eventually.EqualAsync(5, () => UsedAsync(tenant, "products"));
        var usage = await app.Of(tenant).GetFromJsonAsync<JsonElement>("/api/usage");
        Assert.Equal("free", usage.Text("tier"));
        var lines = usage.GetProperty("usage").EnumerateArray().ToDictionary(line => line.Text("item"), line => (line.GetProperty("used").GetInt64(), line.GetProperty("limit").GetInt64()));
        Assert.Equal(
            new() { ["api_calls"] = (1, 100), ["products"] = (5, 5), ["stores"] = (0, 1), ["campaigns"] = (0, 2), ["storage_bytes"] = (0, 100_000_000) }, lines);
    }

    [Fact]
    public async Task Receipts_are_forgotten_after_a_day()
    {
        var tenant = await app.AccountAsync();
        await SpendAsync(tenant);
        app.Clock.Advance(TimeSpan.FromHours(26));
        await Eventually.EqualAsync(0, async () =>
        {
            await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
            return await owner.QuerySingleAsync<int>("select count(*)::int from call_receipts where tenant_id = @Value", new { tenant.Value });
        });
    }

    private async Task TellAsync(TenantId tenant, string service, long used, long revision)
    {
        await using var work = await app.Database.BeginAsync(tenant, default);
        work.Publish(new ResourceUsageChanged { TenantId = tenant.Value, Service = service, Resource = "products", Used = used, Revision = revision, OccurredAt = app.Clock.GetUtcNow() });
        await work.CommitAsync(default);
    }

    private async Task<long> UsedAsync(TenantId tenant, string item) =>
        (await app.Of(tenant).GetFromJsonAsync<JsonElement>("/api/v1/identity/usage")).GetProperty("usage").EnumerateArray().Single(line => line.Text("item") == item).GetProperty("used").GetInt64();

    private async Task<SpendCallReply?> SpendAsync(TenantId tenant)
    {
        try
        {
            return await app.Grpc().SpendCallAsync(new(), app.For(new Caller(tenant, "key:test", "owner")));
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
        {
            return null;
        }
    }

    private async Task ReturnAsync(TenantId tenant, string receipt) => await app.Grpc().ReturnCallAsync(new() { Receipt = receipt }, app.For(new Caller(tenant, "key:test", "owner")));
}
