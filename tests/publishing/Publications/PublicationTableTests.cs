using Dapper;
using Empire.Publishing.Publications;
using Empire.Testing;

namespace Empire.Publishing.Tests.Publications;

/// <summary>The facts that leave this service, seen in the outbox of a database without a dispatcher.</summary>
public sealed class PublicationTableTests : IAsyncLifetime
{
    private static readonly TenantId Tenant = TenantId.New(Samples.PublishedAt);
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.CreateAsync("publishing", typeof(Program).Assembly);

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task A_publication_is_settled_once_and_says_so_once()
    {
        var publication = await PlannedAsync();
        Assert.True(await SettleAsync(work => PublicationTable.PublishedAsync(work, publication, "https://good.example/blog/a", null, Samples.PublishedAt, default)));
        Assert.False(await SettleAsync(work => PublicationTable.PublishedAsync(work, publication, "https://good.example/blog/b", null, Samples.PublishedAt, default)));
        Assert.False(await SettleAsync(work => PublicationTable.FailedAsync(work, publication, "late", Samples.PublishedAt, default)));
        Assert.Equal(["Empire.Contracts.ContentPublished"], await EventsAsync());
    }

    [Fact]
    public async Task A_publication_that_will_not_be_says_why()
    {
        var publication = await PlannedAsync();
        Assert.True(await SettleAsync(work => PublicationTable.FailedAsync(work, publication, "false-urgency: no", Samples.PublishedAt, default)));
        Assert.Equal(["Empire.Contracts.PublicationFailed"], await EventsAsync());
    }

    [Fact]
    public async Task A_claim_is_taken_once_until_its_lease_is_over()
    {
        await PlannedAsync();
        Assert.Single(await ClaimAsync(Samples.PublishedAt));
        Assert.Empty(await ClaimAsync(Samples.PublishedAt.AddSeconds(119)));
        Assert.Single(await ClaimAsync(Samples.PublishedAt.AddSeconds(120)));
    }

    private async Task<IReadOnlyList<Publication>> ClaimAsync(DateTimeOffset now)
    {
        await using var work = await database.Database.BeginSystemAsync(default);
        var claimed = await PublicationTable.ClaimAsync(work, 10, TimeSpan.FromSeconds(120), now, default);
        await work.CommitAsync(default);
        return claimed;
    }

    private async Task<Publication> PlannedAsync()
    {
        var publication = new Publication
        {
            Id = Guid.CreateVersion7(Samples.PublishedAt), TenantId = Tenant.Value, PieceId = Guid.CreateVersion7(Samples.PublishedAt), Channel = "blog", State = "planned",
            Kind = "blog_post", Title = "T", PromptVersion = "blog_post@1", Test = false, PlannedAt = Samples.PublishedAt,
        };
        await using var work = await database.Database.BeginAsync(Tenant, default);
        await PublicationTable.PlanAsync(work, publication, default);
        await work.CommitAsync(default);
        return publication;
    }

    private async Task<bool> SettleAsync(Func<Empire.Data.Work, Task<bool>> settle)
    {
        await using var work = await database.Database.BeginAsync(Tenant, default);
        var settled = await settle(work);
        await work.CommitAsync(default);
        return settled;
    }

    private async Task<IEnumerable<string>> EventsAsync()
    {
        await using var owner = await database.OpenAsOwnerAsync();
        return await owner.QueryAsync<string>("select type from kernel.outbox order by seq");
    }
}
