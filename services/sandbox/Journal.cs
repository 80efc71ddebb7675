using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Empire.Sandbox;

/// <summary>
/// What the outside world must not forget when the sandbox is killed: posts, conversions, delivered postbacks. One JSON object per line,
/// flushed to the disk before the caller gets its answer; read back once at start. A torn last line, the mark of a kill in mid-write, was never
/// answered for and is cut off.
/// </summary>
public sealed class Journal : IDisposable
{
    readonly Lock gate = new();
    readonly FileStream file;

    public Journal(IOptions<SandboxOptions> options)
    {
        Directory.CreateDirectory(options.Value.Data);
        file = new FileStream(Path.Combine(options.Value.Data, "journal.jsonl"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        file.SetLength(EndOfLastWholeLine());
        file.Seek(0, SeekOrigin.End);
    }

    public bool IsWritable => file.CanWrite;

    /// <summary>Every entry of the kind, oldest first.</summary>
    public IReadOnlyList<T> Read<T>(string kind)
    {
        lock (gate)
        {
            file.Seek(0, SeekOrigin.Begin);
            using var reader = new StreamReader(file, leaveOpen: true);
            var entries = new List<T>();
            while (reader.ReadLine() is { } line)
            {
                using var document = JsonDocument.Parse(line);
                if (document.RootElement.GetProperty("kind").ValueEquals(kind))
                    entries.Add(document.RootElement.GetProperty("entry").Deserialize<T>(SandboxSetup.Json)!);
            }
            file.Seek(0, SeekOrigin.End);
            return entries;
        }
    }

    /// <summary>Returns once the entry is on the disk.</summary>
    public void Append<T>(string kind, T entry)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(new { kind, entry }, SandboxSetup.Json);
        lock (gate)
        {
            file.Write([.. line, (byte)'\n']);
            file.Flush(flushToDisk: true);
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            file.SetLength(0);
            file.Flush(flushToDisk: true);
        }
    }

    public void Dispose() => file.Dispose();

    long EndOfLastWholeLine()
    {
        for (var end = file.Length; end > 0; end--)
        {
            file.Seek(end - 1, SeekOrigin.Begin);
            if (file.ReadByte() == '\n') return end;
        }
        return 0;
    }
}
