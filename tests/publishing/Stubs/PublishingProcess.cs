using System.Diagnostics;
using Empire.Testing;

namespace Empire.Publishing.Tests.Stubs;

/// <summary>The service as a process of its own, so that it can die as processes do.</summary>
public sealed class PublishingProcess : IAsyncDisposable
{
    private static readonly Uri Nobody = new("http://127.0.0.1:9/");
    private readonly Process process;

    private PublishingProcess(Process process) => this.process = process;

    /// <param name="prefix">Of its queues; replicas share one.</param>
    /// <param name="faults">Folder whose files arm fault points; null arms none.</param>
    /// <param name="port">Where it listens for requests; 0 is a free one that nobody learns.</param>
    /// <param name="outside">Where stores are run; null where none is asked.</param>
    public static PublishingProcess Start(TestDatabase database, StubContent content, StubAnalytics analytics, StubX x, string prefix, string? faults = null, int port = 0, Uri? outside = null)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Empire.Publishing.dll")])
        {
            WorkingDirectory = AppContext.BaseDirectory, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in new Dictionary<string, string?>
        {
            ["DOTNET_ENVIRONMENT"] = "Development", ["EMPIRE_FAULTS"] = faults, ["HTTP_PORT"] = $"{port}", ["GRPC_PORT"] = "0",
            ["ConnectionStrings__publishing"] = database.ConnectionString, ["ConnectionStrings__messaging"] = TestServers.RabbitMq, ["Messaging__Prefix"] = prefix,
            ["Empire__InternalKey"] = Convert.ToBase64String(new byte[32]),
            ["Empire__EncryptionKeys"] = Convert.ToBase64String(new byte[32]),
            ["services__content__grpc__0"] = content.Address, ["services__analytics__grpc__0"] = analytics.Address,
            ["services__identity__grpc__0"] = $"{Nobody}", ["Providers__X__Shared"] = "true", // so that identity need not be asked
            ["Providers__X__BaseAddress"] = x.Address, ["Providers__X__AccessToken"] = "stub-token", ["Providers__X__Sandbox"] = "true", ["Blog__PublicUrl"] = "https://good.example",
            ["Providers__Shopify__BaseAddress"] = $"{outside ?? Nobody}shopify", ["Providers__Gumroad__BaseAddress"] = $"{outside ?? Nobody}gumroad/v2", ["Providers__StripeStore__BaseAddress"] = $"{outside ?? Nobody}stripe",
            ["Providers__Shopify__Sandbox"] = "true", ["Providers__Gumroad__Sandbox"] = "true", ["Providers__StripeStore__Sandbox"] = "true",
            ["Publications__PollEvery"] = "00:00:00.05", ["Effects__PollEvery"] = "00:00:00.05", ["Effects__ProbeDelay"] = "00:00:00.2", ["Effects__RetryDelay"] = "00:00:00.1", ["Effects__Lease"] = "00:00:01",
        }) start.Environment[name] = value;
        var started = Process.Start(start)!;
        started.OutputDataReceived += (_, _) => { };
        started.ErrorDataReceived += (_, line) => { if (line.Data is not null) TestContext.Current.SendDiagnosticMessage("publishing: {0}", line.Data); };
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        return new(started);
    }

    /// <summary>Waits for the death that a fault point brings.</summary>
    public Task DiedAsync() => process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
