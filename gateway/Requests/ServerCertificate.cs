using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Empire.Gateway.Requests;

/// <summary>The certificate that the gateway shows, as its files have it now: they are read again every <see cref="LookEvery"/>, and what is in them is shown to whoever connects from then on. What cannot be shown, half a
/// file say, is told in the log and on <c>/health</c>, and the one before stays.</summary>
/// <remarks>Read and compared, not watched: of links that are turned (certbot), of a mounted secret or a drive of the network no notifier of the system tells what is needed here.</remarks>
internal sealed partial class ServerCertificate(IOptions<GatewayOptions> options, TimeProvider clock, ILogger<ServerCertificate> log) : BackgroundService
{
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(20);

    /// <summary>Who renews does it a month before the end (certbot): what is left so short was forgotten.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromDays(14);

    private static readonly TimeSpan WarnEvery = TimeSpan.FromDays(1);

    private volatile CertificateFiles.Certificate? shown;
    private volatile string? fault;
    private DateTimeOffset warnedAt = DateTimeOffset.MinValue;

    /// <summary>What a client that connects now is shown.</summary>
    public SslStreamCertificateContext Context => shown!.Context;

    private string Files => options.Value.CertificateKeyPath is { Length: > 0 } key ? $"{options.Value.CertificatePath} with {key}" : options.Value.CertificatePath!;

    /// <summary>For <c>/health</c>, which anybody may read: no paths.</summary>
    /// <returns>Null where something in front ends TLS.</returns>
    public (HealthStatus Status, string Reason)? Judge()
    {
        if (shown is not { } certificate) return null;
        var until = Day(certificate.Until);
        if (!certificate.HoldsAt(clock.GetUtcNow())) return (HealthStatus.Unhealthy, $"the certificate holds from {Day(certificate.From)} to {until}");
        if (fault is not null) return (HealthStatus.Degraded, $"the new certificate cannot be shown, the log says why; the one before holds until {until}");
        return certificate.Until - clock.GetUtcNow() < Short ? (HealthStatus.Degraded, $"the certificate ends on {until} and was not renewed") : (HealthStatus.Healthy, $"until {until}");
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.CertificatePath is not { Length: > 0 }) return Task.CompletedTask;
        Look();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) Look();
    }

    private void Look()
    {
        var now = clock.GetUtcNow();
        try
        {
            var files = CertificateFiles.Read(options.Value.CertificatePath!, options.Value.CertificateKeyPath);
            if (files.Fingerprint != shown?.Fingerprint)
            {
                var found = files.Parse(options.Value.CertificatePassword);
                if (shown?.HoldsAt(now) == true && !found.HoldsAt(now)) throw new CryptographicException($"It holds from {Day(found.From)} to {Day(found.Until)}.");
                shown = found;
                warnedAt = DateTimeOffset.MinValue;
                LogShown(log, Files, found.Until);
            }
            fault = null;
        }
#pragma warning disable CA1031 // whatever stands in the file, the gateway goes on; at the start there is nothing to go on with
        catch (Exception e) when (shown is not null)
#pragma warning restore CA1031
        {
            if (fault != e.Message) LogBroken(log, Files, e.Message, shown.Until);
            fault = e.Message;
        }
        if (shown.Until - now >= Short || now - warnedAt < WarnEvery) return;
        warnedAt = now;
        LogShort(log, Files, shown.Until);
    }

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    [LoggerMessage(1, LogLevel.Information, "Clients are shown the certificate of {Files}, which holds until {Until:u}")]
    private static partial void LogShown(ILogger log, string files, DateTimeOffset until);

    [LoggerMessage(2, LogLevel.Error, "The certificate in {Files} cannot be shown: {Reason} The one before, which holds until {Until:u}, stays")]
    private static partial void LogBroken(ILogger log, string files, string reason, DateTimeOffset until);

    [LoggerMessage(3, LogLevel.Warning, "The certificate of {Files} ends at {Until:u} and was not renewed: from then on nobody gets in")]
    private static partial void LogShort(ILogger log, string files, DateTimeOffset until);
}
