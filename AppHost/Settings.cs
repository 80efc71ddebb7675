using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace Empire.AppHost;

/// <summary>What a person sets for the whole installation: variables of the environment, or lines of <c>.env</c> (see <c>.env.example</c>). The environment wins.</summary>
internal sealed class Settings
{
    /// <summary>Variables that stand for parameters of the application, which are otherwise generated.</summary>
    private static readonly IReadOnlyDictionary<string, string> Parameters = new Dictionary<string, string>
    {
        ["EMPIRE_OWNER_EMAIL"] = "owner-email",
        ["EMPIRE_OWNER_PASSWORD"] = "owner-password",
        ["EMPIRE_OWNER_API_KEY"] = "owner-api-key",
        ["ENCRYPTION_KEY"] = "encryption-keys",
        ["MEADOW_POSTBACK_SECRET"] = "meadow-postback-secret",
        ["HARBOR_POSTBACK_SECRET"] = "harbor-postback-secret",
        ["STRIPE_WEBHOOK_SECRET"] = "stripe-webhook-secret",
        ["FLUTTERWAVE_SECRET_HASH"] = "flutterwave-secret-hash",
        ["NOWPAYMENTS_IPN_SECRET"] = "nowpayments-ipn-secret",
    };
    private readonly IConfiguration _configuration;

    private Settings(IConfiguration configuration, IReadOnlyDictionary<string, string> dotEnv, string root)
    {
        _configuration = configuration;
        DotEnv = dotEnv;
        Home = Path.GetFullPath(Value("EMPIRE_HOME", ".empire"), root);
        Port = PortOf("EMPIRE_PORT", "8080");
        PublicUrl = Value("EMPIRE_PUBLIC_URL", $"http://localhost:{Port}");
        DashboardPort = Value("EMPIRE_DASHBOARD_PORT", "18888");
        Downloads = Path.GetFullPath(Value("Gateway__DownloadsFolder", Path.Combine("agents", "gpu", "bin", "download")), root);
    }

    /// <summary>Data, logs, state and secrets of this installation.</summary>
    public string Home { get; }
    public int Port { get; }

    /// <summary>Where readers reach the gateway: links that leave the house begin with it.</summary>
    public string PublicUrl { get; }

    /// <summary>"0" or "off" for none.</summary>
    public string DashboardPort { get; }

    /// <summary>Files that the gateway offers under /static beside its own: what <c>./empire agent</c> makes for GPU hosts, or a folder of one's own.</summary>
    public string Downloads { get; }

    /// <summary>As the file has them; not what the environment says of the same names.</summary>
    public IReadOnlyDictionary<string, string> DotEnv { get; }

    public string? this[string name] => _configuration[name.Replace("__", ":")] is { Length: > 0 } value ? value : null;

    /// <summary>For the verbs, which have no application.</summary>
    public static Settings Load(string root)
    {
        var dotEnv = ReadDotEnv(root);
        var configuration = new ConfigurationBuilder().Add(Source(dotEnv)).AddEnvironmentVariables().Build();
        OlderNames.Adopt(configuration);
        return new(configuration, dotEnv, root);
    }

    /// <summary>Gives the application its settings, and has its start refuse ports that are taken by naming the variable to change.</summary>
    public static Settings AddTo(IDistributedApplicationBuilder builder)
    {
        var root = Path.GetFullPath("..", builder.AppHostDirectory);
        var dotEnv = ReadDotEnv(root);
        builder.Configuration.Sources.Insert(0, Source(dotEnv));
        OlderNames.Adopt(builder.Configuration);
        var settings = new Settings(builder.Configuration, dotEnv, root);

        builder.Configuration["LocalOrchestrator:Home"] = settings.Home;
        builder.Configuration["LocalOrchestrator:Title"] = "Empire";
        builder.Configuration["LocalOrchestrator:DashboardPort"] = settings.DashboardPort;
        foreach (var (variable, parameter) in Parameters)
            if (settings[variable] is { } value) builder.Configuration[$"Parameters:{parameter}"] = value;
        builder.Eventing.Subscribe<BeforeStartEvent>((_, _) =>
        {
            RequireFree(settings.Port, "EMPIRE_PORT");
            if (int.TryParse(settings.DashboardPort, out var dashboard) && dashboard > 0) RequireFree(dashboard, "EMPIRE_DASHBOARD_PORT");
            return Task.CompletedTask;
        });
        return settings;
    }

    private string Value(string name, string otherwise) => this[name] ?? otherwise;

    private int PortOf(string name, string otherwise) => Value(name, otherwise) is var text && ushort.TryParse(text, out var port) && port > 0 ? port
        : throw new DistributedApplicationException($"{name} is '{text}'; it must be a port from 1 to 65535.");

    private static void RequireFree(int port, string setting)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(1);
        }
        catch (SocketException e)
        {
            throw new DistributedApplicationException($"Port {port} is in use; set {setting} to another.", e);
        }
    }

    private static MemoryConfigurationSource Source(Dictionary<string, string> dotEnv) =>
        new() { InitialData = dotEnv.Select(pair => KeyValuePair.Create(pair.Key.Replace("__", ":"), (string?)pair.Value)) };

    /// <summary>Lines <c>NAME=value</c>, an optional <c>export</c> before the name, optional quotes around the value, <c>#</c> begins a comment.
    /// <c>EMPIRE_ENV_FILE</c> names another file.</summary>
    private static Dictionary<string, string> ReadDotEnv(string root)
    {
        var file = Path.GetFullPath(Environment.GetEnvironmentVariable("EMPIRE_ENV_FILE") ?? ".env", root);
        var values = new Dictionary<string, string>();
        if (!File.Exists(file)) return values;
        foreach (var (number, text) in File.ReadLines(file).Index())
        {
            var line = text.Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            if (line.StartsWith("export ", StringComparison.Ordinal)) line = line[7..].TrimStart();
            var equals = line.IndexOf('=');
            if (equals < 1) throw new DistributedApplicationException($"{file}, line {number + 1}: expected NAME=value.");
            if (Unquoted(line[(equals + 1)..].Trim()) is { Length: > 0 } value) values[line[..equals].TrimEnd()] = value;
        }
        return values;
    }

    private static string Unquoted(string text) =>
        text is [('"' or '\'') and var quote, ..] && text.IndexOf(quote, 1) is var end and > 0 ? text[1..end] : $" {text}".Split(" #")[0].Trim();
}
