using System.Text.Json;
using Dapper;
using Empire.Publishing.Pieces;
using Empire.Publishing.Publications;
using Empire.Publishing.Tests.Stubs;
using Empire.Testing;

namespace Empire.Publishing.Tests.Publications;

/// <summary>The service killed between its steps, and run twice at once: the outcome is that of an undisturbed run.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private static readonly TenantId Tenant = TenantId.New(TimeProvider.System.GetUtcNow());

    private readonly string prefix = $"t{Guid.CreateVersion7():n}.";
    private readonly string faults = Directory.CreateTempSubdirectory("publishing-faults-").FullName;
    private readonly StubContent content = new();
    private readonly StubAnalytics analytics = new();
    private readonly StubX x = new();
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(content.StartAsync(), analytics.StartAsync(), x.StartAsync());
        database = await TestDatabase.CreateAsync("publishing", typeof(Program).Assembly);
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        await content.DisposeAsync();
        await analytics.DisposeAsync();
        await x.DisposeAsync();
        Directory.Delete(faults, recursive: true);
    }

    [Theory]
    [InlineData("publishing.linked")]
    [InlineData("publishing.rendered")]
    [InlineData("work.before-commit")]
    [InlineData("effects.performed")]
    [InlineData("effects.settled")]
    public async Task A_death_at_any_step_leaves_one_page_one_post_and_one_link_each(string point)
    {
        await PlanAsync("blog", content.Add("blog_post", Samples.PostJson()));
        await PlanAsync("x", content.Add("social_post", JsonSerializer.Serialize(new SocialPostDocument { Text = "Once only." }, DocumentJson.Options)));
        await File.WriteAllTextAsync(Path.Combine(faults, point), point == "work.before-commit" ? "3" : "0");

        await using (var doomed = Start()) await doomed.DiedAsync();
        await ForgetLeasesAsync();
        await using var next = Start();
        await AllPublishedAsync(2);
        Assert.Equal(1, await CountAsync("select count(*)::int from pages"));
        Assert.Equal(1, x.PostsWith("Once only."));
        Assert.Equal(2, analytics.Codes.Count);
    }

    [Fact]
    public async Task Two_replicas_share_the_work_and_do_nothing_twice()
    {
        for (var i = 0; i < 15; i++)
        {
            await PlanAsync("blog", content.Add("blog_post", Samples.PostJson()));
            await PlanAsync("x", content.Add("social_post", JsonSerializer.Serialize(new SocialPostDocument { Text = $"Shared {i}." }, DocumentJson.Options)));
        }
        await using var one = Start();
        await using var two = Start();
        await AllPublishedAsync(30);
        Assert.Equal(15, await CountAsync("select count(*)::int from pages"));
        Assert.Equal(15, x.Posts.Count);
        Assert.Equal(30, analytics.Codes.Count);
    }

    private PublishingProcess Start() => PublishingProcess.Start(database, content, analytics, x, prefix, faults);

    private async Task PlanAsync(string channel, Guid piece)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var work = await database.Database.BeginAsync(Tenant, CancellationToken.None);
        await PublicationTable.PlanAsync(work, new()
        {
            Id = Guid.CreateVersion7(now), TenantId = Tenant.Value, PieceId = piece, Channel = channel, State = "planned", Kind = channel == "x" ? "social_post" : "blog_post", Title = "T",
            ProductId = Samples.ProductId, Niche = "home coffee", PromptVersion = "p@1", Test = true, PlannedAt = now,
        }, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    /// <summary>As time would: the dead process's claims are two minutes long.</summary>
    private async Task ForgetLeasesAsync()
    {
        await using var owner = await database.OpenAsOwnerAsync();
        await owner.ExecuteAsync("update publications set lease_until = now() - interval '1 second' where lease_until is not null");
    }

    private Task AllPublishedAsync(int count) =>
        Eventually.EqualAsync(count, () => CountAsync("select count(*)::int from publications where state = 'published'"), TimeSpan.FromSeconds(40));

    private async Task<int> CountAsync(string sql)
    {
        await using var owner = await database.OpenAsOwnerAsync();
        return await owner.ExecuteScalarAsync<int>(sql);
    }
}
