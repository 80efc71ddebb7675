using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Empire.Http;

/// <param name="Name">In settings.</param>
internal sealed record RegisteredProvider(string Name, ProviderOptions Options);

/// <summary>Says once, at start, which providers are the real ones, and which are off.</summary>
internal sealed partial class ProviderRollCall(IEnumerable<RegisteredProvider> providers, ILogger<ProviderRollCall> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var provider in providers)
            if (provider.Options.Off) LogOff(log, provider.Name);
            else LogProvider(log, provider.Name, provider.Options.Live ? "live" : "sandbox", provider.Options.BaseAddress);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Information, "Provider {Provider} is {Mode} at {BaseAddress}")]
    private static partial void LogProvider(ILogger log, string provider, string mode, Uri? baseAddress);

    [LoggerMessage(2, LogLevel.Information, "Provider {Provider} is off: nothing is sent to it")]
    private static partial void LogOff(ILogger log, string provider);
}
