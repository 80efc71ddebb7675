using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Gateway.Tests;

public sealed class FrontDoorTests(GatewayApp app) : IClassFixture<GatewayApp>
{
    private const string Caller = "X-Empire-Caller";

    [Theory]
    [InlineData(null)]
    [InlineData("gopt_000000000000000000000000")]
    [InlineData("not a key")]
    public async Task Without_a_good_key_an_api_path_answers_401(string? key)
    {
        using var client = app.ClientFor(key);
        using var response = await client.GetAsync("/api/v1/content/pieces");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("INVALID_API_KEY", await CodeAsync(response));
    }

    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("X-Api-Key", "")]
    public async Task The_service_behind_gets_a_signed_caller_and_never_the_key(string header, string scheme)
    {
        using var client = app.ClientFor(null);
        client.DefaultRequestHeaders.TryAddWithoutValidation(header, scheme + StubServices.MemberKey);
        var seen = await client.GetFromJsonAsync<Dictionary<string, string>>("/api/v1/content/pieces");
        var caller = app.Services.GetRequiredService<CallerToken>().Verify(seen![Caller]);
        Assert.Equal((StubIdentity.Tenant, "owner", false), (caller!.Tenant.Value, caller.Role, caller.Operator));
        Assert.DoesNotContain(seen.Values, value => value.Contains(StubServices.MemberKey, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_caller_that_a_client_claims_is_dropped_even_when_it_is_well_signed()
    {
        using var client = app.ClientFor(null);
        client.DefaultRequestHeaders.Add(Caller, app.Services.GetRequiredService<CallerToken>().Sign(new(new(Guid.CreateVersion7()), "user:mallory", "owner", Operator: true)));
        Assert.DoesNotContain(Caller, (await client.GetFromJsonAsync<Dictionary<string, string>>("/blog/a-page"))!.Keys);
        using var response = await client.GetAsync("/api/v1/content/pieces");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task An_answer_of_identity_is_reused()
    {
        using var client = app.ClientFor(StubServices.MemberKey);
        await client.GetAsync("/api/v1/content/pieces");
        var asked = app.Behind.Identity.Asked;
        for (var i = 0; i < 20; i++) Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/content/pieces")).StatusCode);
        Assert.InRange(app.Behind.Identity.Asked - asked, 0, 1);
    }

    [Fact]
    public async Task Pages_and_redirects_need_no_key_and_take_no_writes()
    {
        using var client = app.ClientFor(null);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/blog/a-page")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/r/abcdefgh")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.PostAsync("/r/abcdefgh", null)).StatusCode); // what is not public is denied
    }

    [Fact]
    public async Task An_unknown_api_path_answers_404_and_a_service_that_is_down_503_in_the_error_form()
    {
        using var client = app.ClientFor(StubServices.MemberKey);
        using var unknown = await client.GetAsync("/api/v9/nothing");
        Assert.Equal((HttpStatusCode.NotFound, "NOT_FOUND"), (unknown.StatusCode, await CodeAsync(unknown)));
        using var down = await client.GetAsync("/api/v1/autopilot/cycles");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "SERVICE_UNAVAILABLE"), (down.StatusCode, await CodeAsync(down)));
        Assert.NotNull(down.Headers.RetryAfter);
    }

    [Fact]
    public async Task Only_the_operator_throws_the_kill_switch_and_learns_who_confirmed()
    {
        using var member = app.ClientFor(StubServices.MemberKey);
        Assert.Equal(HttpStatusCode.Forbidden, (await member.PostAsJsonAsync("/api/v1/effects/halt", new { reason = "no" })).StatusCode);
        using var owner = app.ClientFor(StubServices.OperatorKey);
        using var response = await owner.PostAsJsonAsync("/api/v1/effects/halt", new { reason = "something is wrong" });
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.GetProperty("everywhere").GetBoolean());
        Assert.Equal("confirmed", answer.GetProperty("services").GetProperty("publishing").GetString());
        Assert.True(app.Services.GetRequiredService<CallerToken>().Verify(Assert.Single(app.Behind.Halts))!.Operator);
    }

    [Fact]
    public async Task Health_names_the_service_that_is_away()
    {
        using var client = app.ClientFor(null);
        using var response = await client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("autopilot", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage response) => (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();
}
