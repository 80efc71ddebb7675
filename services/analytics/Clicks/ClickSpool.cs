using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Empire.Analytics.Clicks;

/// <summary>Where clicks wait on local disk while PostgreSQL is out of reach: one JSON line each, synced before the visitor is sent on. Every process writes its
/// own file and holds it locked; what a dead one left is taken by whoever drains first.</summary>
public sealed class ClickSpool(IOptions<ClickOptions> options, TimeProvider clock) : IDisposable
{
    private const string Pattern = "clicks-*.jsonl";

    private readonly SemaphoreSlim turn = new(1);
    private FileStream? current;
    private long size;
    private long? others; // bytes in the folder beside the current file; null: not looked at yet

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="IOException">The disk failed, or the spool is full.</exception>
    public void Append(IReadOnlyList<Click> clicks)
    {
        turn.Wait();
        try
        {
            using var lines = new MemoryStream();
            foreach (var click in clicks)
            {
                JsonSerializer.Serialize(lines, Line.From(click));
                lines.WriteByte((byte)'\n');
            }
            others ??= Sizes();
            if (others + size + lines.Length > options.Value.SpoolBytes) throw new IOException($"The click spool is full ({options.Value.SpoolBytes} bytes): {options.Value.Folder}");
            current ??= Open();
            lines.Position = 0;
            lines.CopyTo(current);
            current.Flush(flushToDisk: true);
            size += lines.Length;
        }
        catch
        {
            Close(); // the next append starts a file of its own: nothing is written behind a torn line
            throw;
        }
        finally { turn.Release(); }
    }

    /// <summary>Hands every spooled click to <paramref name="store"/>, file by file, and deletes a file once all of its clicks are stored. A crash in between
    /// hands the same clicks over again; storing knows them by id.</summary>
    /// <returns>How many clicks were handed over.</returns>
    public async Task<int> DrainAsync(Func<IReadOnlyList<Click>, CancellationToken, Task> store, CancellationToken ct)
    {
        if (!Directory.Exists(options.Value.Folder)) return 0;
        await turn.WaitAsync(ct);
        try
        {
            Close();
            others = Sizes();
        }
        finally { turn.Release(); }
        var total = 0;
        foreach (var path in Directory.EnumerateFiles(options.Value.Folder, Pattern).Order(StringComparer.Ordinal))
        {
            if (Claim(path) is not { } file) continue;
            await using (file)
            {
                foreach (var clicks in (await ReadAsync(file, ct)).Chunk(options.Value.BatchSize))
                {
                    await store(clicks, ct);
                    total += clicks.Length;
                }
                var length = file.Length;
                File.Delete(path); // while still locked: no other process can take it in between
                await turn.WaitAsync(ct);
                try { others -= length; }
                finally { turn.Release(); }
            }
        }
        return total;
    }

    public void Dispose()
    {
        Close();
        turn.Dispose();
    }

    private FileStream Open()
    {
        Directory.CreateDirectory(options.Value.Folder);
        var path = Path.Combine(options.Value.Folder, Pattern.Replace("*", Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"), StringComparison.Ordinal));
        var opening = path + ".opening";
        var file = new FileStream(opening, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        try { File.Move(opening, path); } // named for the drain only once it is locked: between creation and lock another process could claim and delete it
        catch
        {
            file.Dispose();
            throw;
        }
        return file;
    }

    private void Close()
    {
        current?.Dispose();
        if (others is not null) others += size;
        (current, size) = (null, 0);
    }

    /// <summary>Of all files that wait, of other processes too: the bound is the folder's.</summary>
    private long Sizes() => Directory.Exists(options.Value.Folder) ? new DirectoryInfo(options.Value.Folder).EnumerateFiles(Pattern).Sum(file => file.Length) : 0;

    /// <returns>Null when another process is writing or draining the file.</returns>
    private static FileStream? Claim(string path)
    {
        try { return new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None); }
        catch (IOException) { return null; }
    }

    private static async Task<List<Click>> ReadAsync(FileStream file, CancellationToken ct)
    {
        List<Click> clicks = [];
        using var reader = new StreamReader(file, leaveOpen: true);
        while (await reader.ReadLineAsync(ct) is { } line)
        {
            try { clicks.Add(JsonSerializer.Deserialize<Line>(line)!.ToClick()); }
            catch (JsonException) { } // torn by a crash before the sync: its visitor was never sent on
        }
        return clicks;
    }

    private sealed record Line(Guid Id, Guid Tenant, string Code, string Agent, long? Visitor, string? Referrer)
    {
        public static Line From(Click click) => new(click.Id.Value, click.Tenant.Value, click.LinkCode, click.Agent, click.Visitor, click.Referrer);
        public Click ToClick() => new(new(Id), new(Tenant), Code, Agent, Visitor, Referrer);
    }
}
