namespace Empire.AppHost.Operating;

/// <summary>Prints what resources write, from their last lines on, until it is interrupted.</summary>
internal static class LogFollower
{
    private const int LastLines = 20;
    private static readonly string[] Colours = ["36", "33", "32", "35", "34", "96", "93", "92", "95", "94"];

    /// <param name="names">Empty means every resource.</param>
    public static async Task<int> RunAsync(Installation installation, string[] names)
    {
        if (!Directory.Exists(installation.LogFolder)) throw new DistributedApplicationException("There are no logs yet; start Empire with ./empire up.");
        var files = new Dictionary<string, Tail>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        var first = true;
        do
        {
            foreach (var file in Directory.EnumerateFiles(installation.LogFolder, "*.log").Order())
            {
                var name = Path.GetFileNameWithoutExtension(file);
                if (name == "console" || (names.Length > 0 && !names.Contains(name, StringComparer.OrdinalIgnoreCase)) || files.ContainsKey(name)) continue;
                files[name] = new Tail(file, Prefix(name, files.Count), fromStart: !first);
            }
            if (first && names.FirstOrDefault(name => !files.ContainsKey(name)) is { } unknown)
                throw new DistributedApplicationException($"There is no log of '{unknown}'. There are: {string.Join(", ", Directory.EnumerateFiles(installation.LogFolder, "*.log").Select(Path.GetFileNameWithoutExtension).Order())}.");
            first = false;
            foreach (var tail in files.Values) tail.Print();
        }
        while (await timer.WaitForNextTickAsync());
        return 0;
    }

    private static string Prefix(string name, int index) => Console.IsOutputRedirected ? $"{name,-14} " : $"\e[{Colours[index % Colours.Length]}m{name,-14}\e[0m ";

    /// <summary>One file, also across its change for a fresh one.</summary>
    private sealed class Tail(string file, string prefix, bool fromStart)
    {
        private long _position = fromStart ? 0 : -1;

        public void Print()
        {
            if (new FileInfo(file) is not { Exists: true } info) return;
            if (_position < 0)
            {
                foreach (var line in File.ReadLines(file).TakeLast(LastLines)) Console.WriteLine(prefix + line);
                _position = info.Length;
            }
            if (info.Length < _position) _position = 0; // changed for a fresh one
            if (info.Length == _position) return;
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) { Position = _position };
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } line) Console.WriteLine(prefix + line);
            _position = stream.Position;
        }
    }
}
