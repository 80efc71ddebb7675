using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Local;

/// <summary>The folder of everything that outlives a run. One orchestrator at a time holds it.</summary>
internal sealed class HomeFolder(string path) : IDisposable
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private FileStream? _lock;

    public HomeFolder(IOptions<LocalOrchestratorOptions> options) : this(options.Value.Home) { }

    public string Path { get; } = path;
    public string StateFile => In("state.json");
    public string LogFolder => In("logs");

    public static string PathFor(IConfiguration configuration, string appHostDirectory) =>
        System.IO.Path.GetFullPath(configuration["LocalOrchestrator:Home"] is { Length: > 0 } home ? home : ".aspire", appHostDirectory);

    public string In(params ReadOnlySpan<string> names) => System.IO.Path.Combine([Path, .. names]);

    /// <returns>False when another orchestrator holds the folder.</returns>
    public bool TryHold()
    {
        Directory.CreateDirectory(Path);
        try
        {
            _lock = new FileStream(In("orchestrator.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Readers see the old file or the new one, never a part.</summary>
    public static void Write<T>(string file, T content, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        var draft = $"{file}.{Environment.ProcessId}.tmp";
        using (var stream = new FileStream(draft, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = mode }))
            JsonSerializer.Serialize(stream, content, Json);
        File.Move(draft, file, overwrite: true);
    }

    public static T? Read<T>(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize<T>(stream, Json);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return default;
        }
        catch (JsonException e)
        {
            throw new DistributedApplicationException($"{file} is damaged ({e.Message}); repair or remove it.", e);
        }
    }

    public void Dispose() => _lock?.Dispose();
}
