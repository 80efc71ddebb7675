using System.Text.Json;
using Empire.Publishing.Pieces;
using Empire.Publishing.Tests.Stubs;
using Empire.Testing;

namespace Empire.Publishing.Tests.X;

public sealed class PostToXTests(PublishingApp app) : IClassFixture<PublishingApp>
{
    private static int number;

    [Fact]
    public async Task A_social_piece_is_posted_once_with_disclosure_and_tracked_link()
    {
        var (publication, marker) = await PlanAsync();
        await app.PublishedAsync(publication);
        var post = app.X.Posts.Single(post => post.Text.Contains(marker, StringComparison.Ordinal));
        Assert.StartsWith("#ad ", post.Text, StringComparison.Ordinal);
        Assert.Contains("https://good.example/r/c", post.Text, StringComparison.Ordinal);
        var row = await app.ReadAsync<(string Url, string PlatformId)>("select url, platform_id from publications where id = @id", new { id = Guid.Parse(publication) });
        Assert.Equal(($"https://x.com/i/status/{post.Id}", $"{post.Id}"), row);
    }

    [Theory]
    [InlineData(StubX.Fault.CutAfterPosting)]
    [InlineData(StubX.Fault.ServerErrorAfterPosting)]
    [InlineData(StubX.Fault.TooManyRequests)]
    [InlineData(StubX.Fault.HiddenFromTimeline)] // cut, and the timeline does not show it either: X's refusal of the duplicate is the last guard
    public async Task Whatever_happens_to_the_answer_there_is_exactly_one_post(StubX.Fault fault)
    {
        var (publication, marker) = await PlanAsync(fault);
        if (fault == StubX.Fault.HiddenFromTimeline)
            await Eventually.TrueAsync(async () => await app.ReadAsync<int>("select coalesce(max(attempts), 0) from kernel.effects where key = @key", new { key = $"pub_{Guid.Parse(publication):N}" }) > 1);
        else await app.PublishedAsync(publication);
        Assert.Equal(1, app.X.PostsWith(marker));
    }

    [Fact]
    public async Task What_x_refuses_fails_the_publication_with_x_own_words()
    {
        var (publication, marker) = await PlanAsync(StubX.Fault.Refused);
        await Eventually.EqualAsync("failed", () => app.StateAsync(publication));
        Assert.Equal("You are not permitted to perform this action.", await app.ReadAsync<string>("select failure from publications where id = @id", new { id = Guid.Parse(publication) }));
        Assert.Equal(0, app.X.PostsWith(marker));
    }

    private async Task<(string Publication, string Marker)> PlanAsync(StubX.Fault fault = StubX.Fault.None)
    {
        var marker = $"Grinder note {Interlocked.Increment(ref number)}.";
        app.X.Arm(marker, fault);
        var document = JsonSerializer.Serialize(new SocialPostDocument { Text = marker, Hashtags = ["coffee"] }, DocumentJson.Options);
        var planned = Assert.Single(await app.PlanAsync((app.Content.Add("social_post", document, platform: "x"), "x")));
        return (planned.PublicationId, marker);
    }
}
