namespace Aspire.Hosting.Local;

/// <summary>Prints what the resources of an application that runs elsewhere write, from their last lines on, merged into one stream.</summary>
internal sealed class LogFollower(HomeFolder home, RunningInstance instance)
{
    private const int LastLines = 30;
    private readonly Dictionary<string, Tail> _tails = [];

    /// <summary>Goes on until it is interrupted, or the application that ran when it began has ended.</summary>
    /// <param name="names">Empty means every resource.</param>
    /// <exception cref="DistributedApplicationException">A name of which there is no log.</exception>
    public async Task FollowAsync(IReadOnlyCollection<string> names, CancellationToken ct)
    {
        var ran = instance.Find() is not null;
        FindFiles(names, fromStart: false);
        if (names.FirstOrDefault(name => !_tails.ContainsKey(name)) is { } unknown)
            throw new DistributedApplicationException($"There is no log of '{unknown}'. There are: {string.Join(", ", Files().Select(Path.GetFileNameWithoutExtension))}.");
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        try
        {
            do
            {
                FindFiles(names, fromStart: true);
                foreach (var (name, tail) in _tails)
                    foreach (var line in tail.Read()) await Console.Out.WriteLineAsync(LogBook.Coloured(name, line));
            }
            while (await timer.WaitForNextTickAsync(ct) && (!ran || instance.Find() is not null));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
    }

    private void FindFiles(IReadOnlyCollection<string> names, bool fromStart)
    {
        foreach (var file in Files())
        {
            var name = Path.GetFileNameWithoutExtension(file);
            if (names.Count == 0 || names.Contains(name)) _tails.TryAdd(name, new Tail(file, fromStart));
        }
    }

    private IEnumerable<string> Files() => Directory.Exists(home.LogFolder) ? Directory.EnumerateFiles(home.LogFolder, "*.log").Order(StringComparer.Ordinal) : [];

    /// <summary>One file, also across its change for a fresh one.</summary>
    private sealed class Tail(string file, bool fromStart)
    {
        private long _position = fromStart ? 0 : -1;

        public IEnumerable<string> Read()
        {
            if (new FileInfo(file) is not { Exists: true } info) yield break;
            if (_position < 0)
            {
                _position = info.Length;
                foreach (var line in File.ReadLines(file).TakeLast(LastLines)) yield return line;
            }
            if (info.Length < _position) _position = 0; // changed for a fresh one
            if (info.Length == _position) yield break;
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) { Position = _position };
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } line) yield return line;
            _position = stream.Position;
        }
    }
}
