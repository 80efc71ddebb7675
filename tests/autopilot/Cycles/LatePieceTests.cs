using Dapper;
using Empire.Contracts;
using Empire.Testing;

namespace Empire.Autopilot.Tests.Cycles;

/// <summary>A cycle waits no second for its pieces.</summary>
public sealed class HastyApp : AutopilotApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Autopilot:Cycles:GenerateDeadline", "00:00:00")];
}

public sealed class LatePieceTests(HastyApp app) : IClassFixture<HastyApp>
{
    [Fact]
    public async Task What_is_made_after_its_cycle_went_on_is_published_once()
    {
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        using var client = app.ClientFor(tenant);
        app.Script.Stuck = true;
        var feed = await AutopilotApp.UploadAsync(client, "l1", "l2", "l3");
        var cycle = await AutopilotApp.StartAsync(client, feed.GetProperty("feed_id").GetString()!);
        var went = await AutopilotApp.UntilAsync(client, cycle, "completed");
        Assert.Equal(5, AutopilotApp.Step(went, "generate").GetProperty("evidence").GetProperty("pending").GetInt32());
        Assert.Equal(0, AutopilotApp.Step(went, "publish").GetProperty("evidence").GetProperty("planned").GetInt32());

        await using var database = await app.TestDatabase.OpenAsOwnerAsync();
        var late = await database.QuerySingleAsync<Guid>("select piece_id from cycle_pieces where tenant_id = @Value and kind = 'recipe'", tenant);
        var script = await database.QuerySingleAsync<Guid>("select piece_id from cycle_pieces where tenant_id = @Value and kind = 'script'", tenant);
        foreach (var (piece, kind) in ((Guid, string)[])[(late, "recipe"), (late, "recipe"), (script, "script"), (Guid.CreateVersion7(), "recipe")]) await GeneratedAsync(tenant, piece, kind);
        await Eventually.EqualAsync("blog planned", () => database.QuerySingleOrDefaultAsync<string>("select channel || ' ' || state from cycle_publications where tenant_id = @Value", tenant));
        Assert.Equal(app.Script.Publications[$"{late}/blog"], await database.QuerySingleAsync<Guid>("select publication_id from cycle_publications where tenant_id = @Value", tenant));
        app.Script.Stuck = false;
    }

    private async Task GeneratedAsync(TenantId tenant, Guid piece, string kind)
    {
        await using var work = await app.Database.BeginAsync(tenant, CancellationToken.None);
        work.Publish(new PieceGenerated { TenantId = tenant.Value, PieceId = piece, Kind = kind, Title = "Late", Platform = "blog", PromptVersion = $"{kind}@1", Test = true, OccurredAt = work.Now });
        await work.CommitAsync(CancellationToken.None);
    }
}
