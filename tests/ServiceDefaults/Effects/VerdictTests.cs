using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Empire.Effects;

namespace Empire.Tests.Effects;

/// <summary>What a person can do about a held effect.</summary>
public sealed class VerdictTests(LetterShop shop) : IClassFixture<LetterShop>
{
    [Fact]
    public async Task A_held_effect_is_listed_with_what_it_meant_to_do()
    {
        var (client, id) = await HeldAsync("listed");
        var page = await client.GetFromJsonAsync<JsonElement>("/api/v1/shop/effects?state=held");
        Assert.Contains(page.GetProperty("data").EnumerateArray(), effect => effect.GetProperty("id").GetString() == id);
        var one = await client.GetFromJsonAsync<JsonElement>($"/api/v1/shop/effects/{id}");
        Assert.Equal("listed", one.GetProperty("intent").GetProperty("name").GetString());
        Assert.Equal("The post office keeps no list.", one.GetProperty("effect").GetProperty("detail").GetString());
        await shop.StopReplicasAsync();
    }

    [Theory]
    [InlineData("done", "succeeded", 1)]
    [InlineData("reject", "rejected", 1)]
    [InlineData("not_done", "succeeded", 2)] // the person erred, and their name stands beside it
    public async Task A_verdict_settles_it_and_is_kept_with_actor_and_reason(string verdict, string state, int sent)
    {
        var (client, id) = await HeldAsync($"v-{verdict}");
        var answer = await client.PostAsJsonAsync($"/api/v1/shop/effects/{id}/verdict", new { verdict, reason = "asked at the counter" });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await shop.SettledAsync($"v-{verdict}", state);
        Assert.Equal(sent, shop.Office.Sent($"v-{verdict}"));
        var one = await client.GetFromJsonAsync<JsonElement>($"/api/v1/shop/effects/{id}");
        var kept = Assert.Single(one.GetProperty("verdicts").EnumerateArray());
        Assert.Equal(("user:test", "asked at the counter", verdict), (kept.GetProperty("actor").GetString(), kept.GetProperty("reason").GetString(), kept.GetProperty("verdict").GetString()));
        var again = await client.PostAsJsonAsync($"/api/v1/shop/effects/{id}/verdict", new { verdict, reason = "once more" });
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Equal("EFFECT_NOT_HELD", (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        await shop.StopReplicasAsync();
    }

    [Fact]
    public async Task A_rejecting_verdict_frees_the_quota_and_tells_the_handler()
    {
        var (client, id) = await HeldAsync("freed", new QuotaToken("freed", "today", 1, 1));
        await client.PostAsJsonAsync($"/api/v1/shop/effects/{id}/verdict", new { verdict = "reject", reason = "never arrived" });
        await using var owner = await shop.Test.OpenAsOwnerAsync();
        Assert.Equal(0, await owner.QuerySingleAsync<long>("select used from kernel.quotas where name = 'freed'"));
        Assert.False(await owner.QuerySingleAsync<bool>("select l.succeeded from letters l join kernel.effects e on e.id = l.effect_id where e.key = 'freed'"));
        await shop.StopReplicasAsync();
    }

    [Fact]
    public async Task What_did_not_happen_for_an_account_that_is_erased_by_now_is_not_planned_again()
    {
        var (client, id) = await HeldAsync("erased", new QuotaToken("erased", "today", 1, 1));
        await using (var owner = await shop.Test.OpenAsOwnerAsync())
            await owner.ExecuteAsync("insert into kernel.closed_accounts (tenant_id, closed, erased, told_at) values (@Value, true, true, now())", new { shop.Tenant.Value });
        try
        {
            var answer = await client.PostAsJsonAsync($"/api/v1/shop/effects/{id}/verdict", new { verdict = "not_done", reason = "asked at the counter" });
            Assert.Equal("cancelled", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("state").GetString());
            Assert.Equal("cancelled", await shop.StateAsync("erased"));
        }
        finally
        {
            await using var owner = await shop.Test.OpenAsOwnerAsync();
            Assert.Equal(0, await owner.QuerySingleAsync<long>("delete from kernel.closed_accounts; select used from kernel.quotas where name = 'erased'"));
        }
        await shop.StopReplicasAsync();
    }

    [Fact]
    public async Task Another_tenant_neither_sees_nor_judges_it_and_a_member_may_not()
    {
        var (_, id) = await HeldAsync("private");
        var replica = await shop.StartReplicaAsync();
        using var stranger = replica.As(tenant: TenantId.New(TimeProvider.System.GetUtcNow()));
        var verdict = new { verdict = "done", reason = "mine now" };
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(new Uri($"/api/v1/shop/effects/{id}", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsJsonAsync($"/api/v1/shop/effects/{id}/verdict", verdict)).StatusCode);
        using var member = replica.As("member", tenant: shop.Tenant);
        Assert.Equal(HttpStatusCode.Forbidden, (await member.PostAsJsonAsync($"/api/v1/shop/effects/{id}/verdict", verdict)).StatusCode);
        Assert.Equal("held", await shop.StateAsync("private"));
        await shop.StopReplicasAsync();
    }

    [Theory]
    [InlineData("""{"verdict":"perhaps","reason":"unsure"}""", "verdict")]
    [InlineData("""{"verdict":"done"}""", "reason")]
    [InlineData("""{"verdict":"done","reason":"x"}""", "reason")]
    [InlineData("""{"verdict":"reject","reason":"lost in the post","reference":"no-1"}""", "reference")]
    [InlineData("""{"verdict":"done","reason":"counter","colour":"red"}""", "colour")]
    public async Task A_faulty_verdict_is_refused_by_the_name_of_its_field(string body, string field)
    {
        var (client, id) = await HeldAsync($"faulty-{Guid.CreateVersion7()}");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var answer = await client.PostAsync(new Uri($"/api/v1/shop/effects/{id}/verdict", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("VALIDATION_ERROR", problem.GetProperty("code").GetString());
        Assert.Equal(field, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
        await shop.StopReplicasAsync();
    }

    private async Task<(HttpClient Client, string Id)> HeldAsync(string name, params QuotaToken[] quotas)
    {
        var replica = await shop.StartReplicaAsync();
        shop.Office.Script(name, Fault.CutAfter);
        await shop.PlanAsync(new(name, Protection.None), quotas: quotas);
        await shop.SettledAsync(name, "held");
        await using var owner = await shop.Test.OpenAsOwnerAsync();
        var id = await owner.QuerySingleAsync<Guid>("select id from kernel.effects where key = @name", new { name });
        return (replica.As(tenant: shop.Tenant), PublicId.Format("eff", id));
    }
}
