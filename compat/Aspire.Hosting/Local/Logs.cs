using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Local;

/// <summary>One line that a resource wrote. <paramref name="Number"/> counts up from 1 within the resource.</summary>
internal readonly record struct LogLine(long Number, DateTimeOffset At, string Text);

/// <summary>What one resource writes: its last lines in memory, and all of them in a file that is changed at 10 MB, of which five are kept beside the current one.
/// A disk that is full costs lines of the file and nothing else: whoever writes here must go on.</summary>
internal sealed class ResourceLog(string name, string file, Action<ResourceLog, LogLine> written, TimeProvider clock) : IDisposable
{
    private const int Kept = 1_000, Files = 6; // the one that is written, and five before it
    internal const long FileBytes = 10 << 20;
    private readonly Lock _gate = new();
    private readonly Queue<LogLine> _last = new(Kept);
    private FileStream? _stream;
    private long _number;
    private long _lost;

    public string Name => name;

    public void Write(string text)
    {
        LogLine line;
        lock (_gate)
        {
            line = new(++_number, clock.GetUtcNow(), text);
            if (_last.Count == Kept) _last.Dequeue();
            _last.Enqueue(line);
            Append(text);
        }
        written(this, line);
    }

    /// <summary>The lines after <paramref name="after"/> that are still in memory.</summary>
    public IReadOnlyList<LogLine> Since(long after)
    {
        lock (_gate) return [.. _last.Where(line => line.Number > after)];
    }

    public void Dispose()
    {
        lock (_gate) _stream?.Dispose();
    }

    private void Append(string text)
    {
        try
        {
            if (_stream is null || _stream.Position > FileBytes) Open();
            if (_lost > 0) text = $"{_lost} lines are missing here: they could not be written.\n{text}";
            _stream!.Write(Encoding.UTF8.GetBytes(text + "\n"));
            _stream.Flush();
            _lost = 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _lost++;
            try { _stream?.Dispose(); }
            catch (IOException) { } // it has bytes that cannot be written either
            _stream = null;
        }
    }

    private void Open()
    {
        _stream?.Dispose();
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        if (new FileInfo(file) is { Exists: true, Length: > FileBytes })
        {
            for (var age = Files - 1; age > 0; age--)
            {
                var from = age == 1 ? file : $"{file}.{age - 1}";
                if (File.Exists(from)) File.Move(from, $"{file}.{age}", overwrite: true);
            }
        }
        _stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }
}

/// <summary>The logs of all resources, and the one stream into which they are merged on standard output.</summary>
internal sealed class LogBook : IAsyncDisposable
{
    /// <summary>The orchestrator's own log.</summary>
    public const string Own = "apphost";
    private static readonly string[] Colours = ["36", "32", "35", "34", "96", "92", "95", "94"];
    private static readonly ConcurrentDictionary<string, string> ColourOf = new();
    private static readonly bool IsColoured = Environment.GetEnvironmentVariable("NO_COLOR") is null
        && (!Console.IsOutputRedirected || Environment.GetEnvironmentVariable("FORCE_COLOR") is not null);
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);
    private readonly Channel<(ResourceLog Log, LogLine Line)> _console = Channel.CreateBounded<(ResourceLog, LogLine)>(
        new BoundedChannelOptions(10_000) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest }); // a slow terminal must not stop the application
    private readonly HomeFolder _home;
    private readonly ConsoleLog _wanted;
    private readonly TimeProvider _clock;
    private readonly Task _printing;

    public LogBook(HomeFolder home, IOptions<LocalOrchestratorOptions> options, TimeProvider clock)
    {
        (_home, _wanted, _clock) = (home, options.Value.ConsoleLog, clock);
        _printing = PrintAsync();
    }

    public ResourceLog For(string name) => _logs.GetOrAdd(name, n => new ResourceLog(n, Path.Combine(_home.LogFolder, n + ".log"), Print, _clock));

    public void Say(string text) => For(Own).Write(text);

    public ResourceLog? Find(string name) => _logs.GetValueOrDefault(name);

    public async ValueTask DisposeAsync()
    {
        _console.Writer.TryComplete();
        await _printing;
        foreach (var log in _logs.Values) log.Dispose();
    }

    /// <summary>A line of the merged log: who wrote it, in a colour of its own where a person looks, and what.</summary>
    public static string Coloured(string name, string line)
    {
        var (level, text) = LogText.Of(line);
        if (!IsColoured) return $"{name,-14} {text}";
        var colour = ColourOf.GetOrAdd(name, _ => Colours[ColourOf.Count % Colours.Length]);
        return $"\e[{colour}m{name,-14}\e[0m {level switch { "error" => $"\e[31m{text}\e[0m", "warning" => $"\e[33m{text}\e[0m", "debug" => $"\e[2m{text}\e[0m", _ => text }}";
    }

    private void Print(ResourceLog log, LogLine line)
    {
        if (_wanted == ConsoleLog.All || (_wanted == ConsoleLog.Own && log.Name == Own)) _console.Writer.TryWrite((log, line));
    }

    private async Task PrintAsync()
    {
        await foreach (var (log, line) in _console.Reader.ReadAllAsync())
        {
            await Console.Out.WriteLineAsync(Coloured(log.Name, line.Text));
        }
    }
}
