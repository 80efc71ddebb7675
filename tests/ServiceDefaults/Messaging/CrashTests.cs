using System.Diagnostics;

namespace Empire.Tests.Messaging;

/// <summary>SIGKILL between any two steps: the next process finishes what the last began, once.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private static readonly string[] Points =
    [
        "outbox.claimed", "outbox.published", "outbox.deleted", "inbox.begun", "inbox.handled", "inbox.committed", "work.before-commit", "work.committed",
    ];

    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo faults = Directory.CreateTempSubdirectory("empire-faults-");
    private readonly List<Guid> notes = [];
    private ShopFixture shop = null!;

    public async ValueTask InitializeAsync() => shop = await ShopFixture.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        faults.Delete(recursive: true);
    }

    [Fact]
    public async Task Killed_at_every_point_of_outbox_and_inbox_it_loses_and_repeats_nothing()
    {
        var seed = new Random(20260302);
        foreach (var point in Points) File.WriteAllText(FileOf(point), $"{seed.Next(4)}"); // passes to let go by
        // One life for each point, and a few more: a bus that hangs in its handshake ends its process as well.
        for (var lives = 0; lives < Points.Length + 4 && Points.Any(point => !File.Exists(FileOf(point) + ".fired")); lives++) await WriteUntilItDiesAsync();
        Assert.All(Points, point => Assert.True(File.Exists(FileOf(point) + ".fired"), $"{point} was never reached"));

        await shop.StartAsync();
        await shop.HandledOnceAsync(notes);
        await shop.HandledOnceAsync(notes, "shop.note-filed");
        Assert.Equal(0, await shop.CountAsync("kernel.message_failures"));
    }

    private async Task WriteUntilItDiesAsync()
    {
        using var replica = shop.StartProcess(faults.FullName);
        var dead = replica.WaitForExitAsync();
        var started = Stopwatch.GetTimestamp();
        while (!dead.IsCompleted)
        {
            if (Stopwatch.GetElapsedTime(started) > LongestLife)
            {
                replica.Kill();
                Assert.Fail("No armed fault point was passed.");
            }
            notes.AddRange(await shop.WriteAsync(1));
            await Task.WhenAny(dead, Task.Delay(50));
        }
    }

    private string FileOf(string point) => Path.Combine(faults.FullName, point);
}
