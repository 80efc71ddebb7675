using System.Net;
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

    /// <summary>Where agents stream to it; null while it does not run.</summary>
    public string? GatewayGrpc => ReadState() is { Orchestrator.IsAlive: true } running ? running.Resources.FirstOrDefault(r => r.Name == "gateway")?.Endpoints?.GetValueOrDefault("grpc") : null;

    public OwnerLogin Owner => new(settings["EMPIRE_OWNER_EMAIL"] ?? DefaultEmail,
        Secret("EMPIRE_OWNER_PASSWORD", "owner-password"), Secret("EMPIRE_OWNER_API_KEY", "owner-api-key"));

    public static Installation Load()
    {
        var project = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "apphostprojectpath").Value!;
        return new(Settings.Load(Path.GetFullPath("..", project)));
    }

    public bool IsRunning => ReadState()?.Orchestrator is { IsAlive: true };

    /// <summary>Where a server of the running installation listens.</summary>
    /// <returns>Null when it does not run.</returns>
    public DnsEndPoint? AddressOf(string resource) =>
        ReadState() is { Orchestrator.IsAlive: true } running && running.Resources.FirstOrDefault(r => r.Name == resource)?.Address is { } address && address.LastIndexOf(':') is var colon and > 0
            ? new(address[..colon], int.Parse(address[(colon + 1)..]))
            : null;

    /// <summary>A secret that was generated for this installation.</summary>
    public string? SecretOf(string parameter) => Secrets()?.GetValueOrDefault($"Parameters:{parameter}");

    /// <summary>Everything that must never be printed where it was not asked for: generated secrets, and what variables named like one hold.</summary>
    public IReadOnlyList<string> SecretValues() =>
        [.. (Secrets()?.Values ?? Enumerable.Empty<string>())
            .Concat(settings.DotEnv.Keys.Concat(Environment.GetEnvironmentVariables().Keys.Cast<string>()).Where(IsSecretName).Select(name => settings[name]).OfType<string>())
            .Where(value => value.Length >= 6).Distinct()];

    /// <returns>Null before the first start.</returns>
    public State? ReadState() => Read<State>("state.json");

    private string? Secret(string variable, string parameter) =>
        settings[variable] ?? SecretOf(parameter);

    private Dictionary<string, string>? Secrets() => Read<Dictionary<string, string>>("secrets.json");

    private static bool IsSecretName(string name) =>
        new[] { "KEY", "TOKEN", "SECRET", "PASSWORD", "CONNECTIONSTRINGS" }.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

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

    public sealed record Resource(string Name, string Type, string State, string Health, string? Address, int? Pid, int Restarts, string? Reason, IReadOnlyDictionary<string, string>? Endpoints = null)
    {
        public bool IsThere => Health == "Healthy" || State == "Finished";
    }
}
