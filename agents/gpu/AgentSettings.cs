using System.Globalization;
using System.Text.RegularExpressions;
using Empire.GpuAgent.Nvml;

namespace Empire.GpuAgent;

/// <summary>A setting that cannot be used; the message names it and says what would be right.</summary>
internal sealed class SettingException : Exception
{
    public SettingException() { }
    public SettingException(string message) : base(message) { }
    public SettingException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>What to do: run for ever, or one thing and end.</summary>
internal enum Verb
{
    Run,
    Once,
    Check,
    Version,
    Help,
}

/// <summary>Everything the owner of a host can set, from the environment and, above it, from flags.</summary>
internal sealed partial class AgentSettings
{
    private const string DefaultFolder = "/var/lib/empire-gpu-agent";
    private const string Prefix = "GPU_OPTIMIZER_";

    public Verb Verb { get; private set; }

    /// <summary>gopt_ and 24 letters or digits; empty where the verb needs none.</summary>
    public string ApiKey { get; private set; } = "";

    /// <summary>Where the gateway answers HTTP.</summary>
    public Uri Server { get; private set; } = new("http://localhost:8080");

    /// <summary>Where it answers gRPC; another address only where there is no TLS, since HTTP/2 then needs a port of its own.</summary>
    public Uri GrpcServer { get; private set; } = new("http://localhost:8080");

    public TimeSpan Interval { get; private set; } = TimeSpan.FromSeconds(10);
    public string Folder { get; private set; } = DefaultFolder;
    public long SpoolBytes { get; private set; } = 64L * 1024 * 1024;

    /// <summary>The owner's own words for this host, as team=vision.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; private set; } = new Dictionary<string, string>();

    /// <summary>Of one GPU, in millionths of a US dollar per hour; null to leave it to the price book.</summary>
    public long? CostPerHourMicros { get; private set; }

    /// <summary>Whether to ask the cloud's metadata address what machine this is.</summary>
    public bool CloudMetadata { get; private set; } = true;

    /// <summary>Whether to look into the environment of processes on the GPUs for the job they are of.</summary>
    public bool JobEnvironment { get; private set; } = true;
    public string NvmlLibraryPath { get; private set; } = NvmlLibrary.DefaultPath;

    /// <summary>How many GPUs to make up; 0 for real ones.</summary>
    public int Simulate { get; private set; }
    public int Seed { get; private set; } = 1;

    /// <param name="environment">A variable's value, or null.</param>
    /// <exception cref="SettingException">Something is missing or not of the right form.</exception>
    public static AgentSettings Read(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var settings = new AgentSettings();
        var flags = settings.ReadFlags(arguments);
        string? Value(string name, string? flag = null) => flag is not null && flags.TryGetValue(flag, out var given) ? given : environment(Prefix + name) is { Length: > 0 } value ? value : null;

        if (settings.Verb is Verb.Version or Verb.Help) return settings;
        if (Value("INTERVAL", "--interval") is { } interval) settings.Interval = IntervalOf(interval);
        if (flags.TryGetValue("--simulate", out var simulate)) settings.Simulate = (int)WholeNumber("--simulate", simulate, 1, 1024);
        if (flags.TryGetValue("--seed", out var seed)) settings.Seed = (int)WholeNumber("--seed", seed, 0, int.MaxValue);
        if (Value("COST_PER_HOUR") is { } cost) settings.CostPerHourMicros = CostOf(cost);
        settings.NvmlLibraryPath = Value("NVML_LIBRARY") ?? settings.NvmlLibraryPath;
        settings.CloudMetadata = SwitchOf("METADATA", Value("METADATA") ?? "on");
        settings.JobEnvironment = SwitchOf("JOB_ENVIRONMENT", Value("JOB_ENVIRONMENT") ?? "on");
        settings.Labels = LabelsOf(Value("LABELS") ?? "");
        settings.Folder = Path.GetFullPath(Value("SPOOL", "--spool") ?? environment("STATE_DIRECTORY")?.Split(':')[0] ?? DefaultFolder);
        if (Value("SPOOL_MIB") is { } mib) settings.SpoolBytes = WholeNumber(Prefix + "SPOOL_MIB", mib, 1, 65_536) * 1024 * 1024;
        if (settings.Verb == Verb.Once) return settings;

        settings.ApiKey = KeyOf(environment(Prefix + "API_KEY"));
        settings.Server = AddressOf("SERVER_URL", Value("SERVER_URL") ?? throw new SettingException($"{Prefix}SERVER_URL is not set. It is the address of Empire's gateway, for instance https://empire.example.com."));
        settings.GrpcServer = Value("GRPC_URL") is { } grpc ? AddressOf("GRPC_URL", grpc) : settings.Server;
        return settings;
    }

    private Dictionary<string, string> ReadFlags(IReadOnlyList<string> arguments)
    {
        var flags = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = arguments[i].Split('=', 2) is [var before, var after] ? (before, after) : (arguments[i], null);
            switch (name)
            {
                case "--once": Verb = Verb.Once; break;
                case "--check": Verb = Verb.Check; break;
                case "--version": Verb = Verb.Version; break;
                case "--help" or "-h": Verb = Verb.Help; break;
                case "--interval" or "--simulate" or "--seed" or "--spool":
                    flags[name] = value ?? (i + 1 < arguments.Count ? arguments[++i] : throw new SettingException($"{name} needs a value; see --help."));
                    break;
                default: throw new SettingException($"There is no flag {name}; see --help.");
            }
        }
        return flags;
    }

    private static string KeyOf(string? key) => key switch
    {
        null or "" => throw new SettingException($"{Prefix}API_KEY is not set. It is the key of your account, gopt_ and 24 letters or digits."),
        _ when KeyPattern().IsMatch(key) => key,
        _ => throw new SettingException($"{Prefix}API_KEY is not a key: it must be gopt_ and 24 letters or digits, 29 characters in all; this has {key.Length}."),
    };

    private static TimeSpan IntervalOf(string text)
    {
        var digits = text.EndsWith('s') ? text[..^1] : text;
        return TimeSpan.FromSeconds(WholeNumber("The interval", digits, 1, 3600));
    }

    private static long WholeNumber(string name, string text, long least, long most) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new SettingException($"{name} must be a whole number from {least} to {most}, not '{text}'.");

    private static long CostOf(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars) && dollars is >= 0 and <= 10_000 && decimal.Round(dollars, 6) == dollars
            ? (long)(dollars * 1_000_000)
            : throw new SettingException($"{Prefix}COST_PER_HOUR must be US dollars per GPU and hour, for instance 3.06, not '{text}'.");

    private static bool SwitchOf(string name, string text) => text.ToLowerInvariant() switch
    {
        "on" or "true" or "1" or "yes" => true,
        "off" or "false" or "0" or "no" => false,
        _ => throw new SettingException($"{Prefix}{name} must be on or off, not '{text}'."),
    };

    private static Uri AddressOf(string name, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.Query.Length == 0
            ? uri
            : throw new SettingException($"{Prefix}{name} must be an address as https://empire.example.com, not '{text}'.");

    private static Dictionary<string, string> LabelsOf(string text)
    {
        const int Most = 32, Longest = 255; // what the server takes
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.Split('=', 2) is not [{ Length: > 0 and <= Longest } name, { Length: <= Longest } value])
                throw new SettingException($"{Prefix}LABELS must be name=value pairs with commas between them, for instance team=vision,env=prod; '{part}' is none.");
            labels[name] = value;
        }
        return labels.Count <= Most ? labels : throw new SettingException($"{Prefix}LABELS has {labels.Count} labels; {Most} are allowed.");
    }

    [GeneratedRegex("^gopt_[A-Za-z0-9]{24}\\z")]
    private static partial Regex KeyPattern();
}
