using System.Reflection;
using System.Text.Json;

namespace Empire.AppHost.Operating;

/// <summary>One installation of Empire as its home folder shows it, running or not.</summary>
internal sealed class Installation(Settings settings)
{
    public const string DefaultEmail = "owner@empire.localhost";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public Settings Settings => settings;

    /// <summary>Where the gateway of the running installation listens; of one that does not run, where it would.</summary>
    public string Gateway => ReadState() is { Orchestrator.IsAlive: true } running && running.Resources.FirstOrDefault(r => r.Name == "gateway")?.Address is { } address
        ? address
        : $"http://127.0.0.1:{settings.Port}";

    public OwnerLogin Owner => new(settings["EMPIRE_OWNER_EMAIL"] ?? DefaultEmail,
        Secret("EMPIRE_OWNER_PASSWORD", "owner-password"), Secret("EMPIRE_OWNER_API_KEY", "owner-api-key"));

    public static Installation Load()
    {
        var project = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "apphostprojectpath").Value!;
        return new(Settings.Load(Path.GetFullPath("..", project)));
    }

    /// <returns>Null before the first start.</returns>
    public State? ReadState() => Read<State>("state.json");

    private string? Secret(string variable, string parameter) =>
        settings[variable] ?? Read<Dictionary<string, string>>("secrets.json")?.GetValueOrDefault($"Parameters:{parameter}");

    private T? Read<T>(string file)
    {
        var path = Path.Combine(settings.Home, file);
        return File.Exists(path) ? JsonSerializer.Deserialize<T>(File.ReadAllText(path), Json) : default;
    }

    public sealed record OwnerLogin(string Email, string? Password, string? ApiKey);

    /// <param name="Orchestrator">Null when it ended in good order.</param>
    public sealed record State(ProcessId? Orchestrator, string? Dashboard, IReadOnlyList<Resource> Resources);

    public sealed record ProcessId(int Pid, long Started)
    {
        public bool IsAlive => File.Exists($"/proc/{Pid}/stat") && File.ReadAllText($"/proc/{Pid}/stat") is var stat && stat[(stat.LastIndexOf(')') + 2)..].Split(' ') is var fields
            && fields[0] is not "Z" && fields[19] == $"{Started}";
    }

    public sealed record Resource(string Name, string Type, string State, string Health, string? Address, int? Pid, int Restarts, string? Reason)
    {
        public bool IsThere => Health == "Healthy" || State == "Finished";
    }
}
