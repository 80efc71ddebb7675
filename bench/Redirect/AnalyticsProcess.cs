using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Empire.Testing;

namespace Empire.Bench.Redirect;

/// <summary>The analytics service as it runs in production: its own process, its own Kestrel, PostgreSQL and RabbitMQ behind it.</summary>
internal sealed class AnalyticsProcess : IAsyncDisposable
{
    private readonly Process process;

    private AnalyticsProcess(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    public static async Task<AnalyticsProcess> StartAsync(TestDatabase database, CancellationToken ct)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Empire.Analytics.dll")]) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (key, value) in Settings(database, port)) start.Environment[key] = value;
        var program = Process.Start(start)!;
        program.OutputDataReceived += (_, line) => { if (line.Data is not null) Console.Error.WriteLine(line.Data); }; // warnings and errors only
        program.BeginOutputReadLine();
        var started = new AnalyticsProcess(program, new($"http://127.0.0.1:{port}"));
        using var client = new HttpClient();
        await Eventually.TrueAsync(async () => (await client.GetAsync(new Uri(started.Address, "health/ready"), ct)).IsSuccessStatusCode, TimeSpan.FromSeconds(60));
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static IEnumerable<(string Key, string Value)> Settings(TestDatabase database, int port)
    {
        yield return ("HTTP_PORT", $"{port}");
        yield return ("DOTNET_ENVIRONMENT", "Production");
        foreach (var (key, value) in ((string, string)[])[("DOTNET_gcServer", "0"), ("DOTNET_gcConcurrent", "0"), ("DOTNET_TieredPGO", "0")]) yield return (key, value); // as ./empire up starts it
        yield return ("LOG_LEVEL", "WARNING");
        yield return ("ConnectionStrings__analytics", database.ConnectionString);
        yield return ("ConnectionStrings__messaging", TestServers.RabbitMq);
        yield return ("ConnectionStrings__redis", TestServers.Redis);
        yield return ("Messaging__Prefix", $"b{Guid.CreateVersion7():n}.");
        yield return ("Empire__InternalKey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        yield return ("Clicks__SpoolFolder", Path.Combine(AppContext.BaseDirectory, "clicks"));
        foreach (var network in (string[])["Meadow", "Harbor"])
        {
            yield return ($"Providers__{network}__BaseAddress", "http://127.0.0.1:9");
            yield return ($"Providers__{network}__Token", "none");
            yield return ($"Providers__{network}__PostbackSecret", "none-of-this-is-called");
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
