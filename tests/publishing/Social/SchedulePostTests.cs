using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Empire.Publishing.Tests.Stubs;
using Empire.Testing;

namespace Empire.Publishing.Tests.Social;

public sealed class SchedulePostTests(PublishingApp app) : IClassFixture<PublishingApp>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_post_is_scheduled_and_then_posted_at_its_time()
    {
        var created = await CreatedAsync(new { platform = "twitter", content = "Soon: a note on whisks.", scheduled_time = TimeProvider.System.GetUtcNow().AddSeconds(5) });
        Assert.Equal("scheduled", created.GetProperty("status").GetString());
        Assert.Equal(0, created.GetProperty("engagement_score").GetInt32());
        Assert.Equal("user:test", created.GetProperty("user_id").GetString());
        await Eventually.TrueAsync(async () => (await CalendarAsync()).Any(post => post.GetProperty("id").GetString() == created.GetProperty("id").GetString() && post.GetProperty("status").GetString() == "posted" && post.GetProperty("posted_at").ValueKind == JsonValueKind.String));
        Assert.Equal(1, app.X.PostsWith("a note on whisks"));
    }

    [Fact]
    public async Task A_lost_answer_does_not_post_a_scheduled_post_twice()
    {
        app.X.Arm("a note on scales", StubX.Fault.CutAfterPosting);
        var created = await CreatedAsync(new { platform = "x", content = "Now: a note on scales. https://good.example/scales?a=1" });
        await Eventually.TrueAsync(async () => (await CalendarAsync()).Any(post => post.GetProperty("id").GetString() == created.GetProperty("id").GetString() && post.GetProperty("status").GetString() == "posted"));
        Assert.Equal(1, app.X.PostsWith("a note on scales"));
    }

    [Fact]
    public async Task A_repeat_under_the_same_key_schedules_once_even_when_the_first_answer_is_forgotten()
    {
        using var client = app.OwnerClient();
        client.DefaultRequestHeaders.Add("Idempotency-Key", "note-on-knives");
        var ids = new List<string?>();
        for (var i = 0; i < 2; i++)
        {
            var answer = await client.PostAsJsonAsync("/api/social/post", new { platform = "twitter", content = "A note on knives.", scheduled_time = Now.AddHours(5) });
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            ids.Add((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString());
            await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
            await owner.ExecuteAsync("truncate kernel.idempotency");
        }
        Assert.Single(ids.Distinct());
        Assert.Equal(1, await app.ReadAsync<int>("select count(*)::int from social_posts where content = 'A note on knives.'"));
    }

    [Fact]
    public async Task The_calendar_shows_the_week_in_order_and_only_the_tenants_own()
    {
        foreach (var hours in (int[])[50, 2, 26]) await CreatedAsync(new { platform = "twitter", content = $"In {hours} hours", scheduled_time = Now.AddHours(hours) });
        await CreatedAsync(new { platform = "twitter", content = "After the week", scheduled_time = Now.AddDays(30) });
        var texts = (await CalendarAsync()).Select(post => post.GetProperty("content").GetString()!).Where(text => text.StartsWith("In ", StringComparison.Ordinal)).ToList();
        Assert.Equal(["In 2 hours", "In 26 hours", "In 50 hours"], texts);
        using var stranger = app.ClientFor(TenantId.New(Now));
        Assert.Empty(JsonDocument.Parse(await stranger.GetStringAsync("/api/social/calendar")).RootElement.GetProperty("platforms").EnumerateArray());
    }

    public static TheoryData<string, string, string?, HttpStatusCode, string> Refused => new()
    {
        { "myspace", "Hello", null, HttpStatusCode.BadRequest, "platform" },
        { "twitter", "Hello", "2020-01-01T00:00:00Z", HttpStatusCode.BadRequest, "scheduled_time" },
        { "twitter", "", null, HttpStatusCode.BadRequest, "content" },
        { "twitter", new string('x', 281), null, HttpStatusCode.BadRequest, "content" },
        { "linkedin", "Hello", null, HttpStatusCode.NotImplemented, "PLATFORM_NOT_CONNECTED" },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task What_cannot_be_scheduled_is_refused_and_the_reason_named(string platform, string content, string? time, HttpStatusCode status, string named)
    {
        using var client = app.OwnerClient();
        var response = await client.PostAsJsonAsync("/api/social/post", new { platform, content, scheduled_time = time });
        Assert.Equal(status, response.StatusCode);
        Assert.Contains(named, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> CreatedAsync(object request)
    {
        using var client = app.OwnerClient();
        var response = await client.PostAsJsonAsync("/api/social/post", request);
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<List<JsonElement>> CalendarAsync()
    {
        using var client = app.OwnerClient();
        var calendar = JsonDocument.Parse(await client.GetStringAsync("/api/social/calendar")).RootElement;
        return [.. calendar.GetProperty("platforms").EnumerateArray().SelectMany(platform => platform.GetProperty("posts").EnumerateArray())];
    }
}
