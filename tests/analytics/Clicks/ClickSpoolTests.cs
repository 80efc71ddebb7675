using Empire.Analytics.Clicks;
using Microsoft.Extensions.Options;

namespace Empire.Analytics.Tests.Clicks;

public sealed class ClickSpoolTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("empire-spool-").FullName;

    [Fact]
    public async Task A_line_torn_by_a_crash_is_skipped_and_the_whole_ones_are_kept()
    {
        using (var spool = Spool()) spool.Append([New(), New()]);
        await File.AppendAllTextAsync(Directory.GetFiles(folder).Single(), """{"Id":"0199""");
        List<Click> drained = [];

        using (var spool = Spool()) await spool.DrainAsync((clicks, _) => Keep(drained, clicks), CancellationToken.None);

        Assert.Equal(2, drained.Count);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public async Task A_file_whose_clicks_could_not_be_stored_stays()
    {
        using var spool = Spool();
        spool.Append([New()]);

        await Assert.ThrowsAsync<InvalidOperationException>(() => spool.DrainAsync((_, _) => throw new InvalidOperationException("down"), CancellationToken.None));
        List<Click> drained = [];
        await spool.DrainAsync((clicks, _) => Keep(drained, clicks), CancellationToken.None);

        Assert.Single(drained);
    }

    [Fact]
    public async Task Another_process_does_not_take_a_file_that_is_being_written()
    {
        using var writer = Spool();
        writer.Append([New()]);
        using var other = Spool();

        Assert.Equal(0, await other.DrainAsync((_, _) => Task.CompletedTask, CancellationToken.None));
        Assert.Single(Directory.GetFiles(folder));
    }

    [Fact]
    public void A_full_spool_says_so()
    {
        using var spool = new ClickSpool(Options.Create(new ClickOptions { SpoolFolder = folder, SpoolBytes = 1000 }), TimeProvider.System);

        Assert.Throws<IOException>(() => spool.Append([.. Enumerable.Range(0, 20).Select(_ => New())]));
    }

    [Fact]
    public async Task The_bound_is_of_all_files_that_wait_whoever_wrote_them()
    {
        var settings = Options.Create(new ClickOptions { SpoolFolder = folder, SpoolBytes = 1000 });
        for (var file = 0; file < 2; file++)
        {
            using var before = new ClickSpool(settings, TimeProvider.System);
            before.Append([New(), New()]);
            await Assert.ThrowsAsync<IOException>(() => before.DrainAsync((_, _) => throw new IOException("The database is away."), CancellationToken.None)); // begins another file
        }
        using var spool = new ClickSpool(settings, TimeProvider.System);
        Assert.InRange(Directory.GetFiles(folder).Sum(file => new FileInfo(file).Length), 600, 1000);
        Assert.Throws<IOException>(() => spool.Append([New(), New(), New()]));
        Assert.Equal(4, await spool.DrainAsync((_, _) => Task.CompletedTask, CancellationToken.None));
        spool.Append([New(), New(), New()]);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private ClickSpool Spool() => new(Options.Create(new ClickOptions { SpoolFolder = folder }), TimeProvider.System);

    private static Click New()
    {
        var now = TimeProvider.System.GetUtcNow();
        return new(ClickId.New(now), TenantId.New(now), "abcdefgh", Agents.Desktop, null, null);
    }

    private static Task Keep(List<Click> kept, IReadOnlyList<Click> clicks)
    {
        kept.AddRange(clicks);
        return Task.CompletedTask;
    }
}
