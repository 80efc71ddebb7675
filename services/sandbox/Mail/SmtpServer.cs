using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Empire.Sandbox.Faults;
using Microsoft.Extensions.Options;

namespace Empire.Sandbox.Mail;

/// <summary>Listens for mail on loopback (<c>SANDBOX_SMTP_PORT</c>, or a free port) and delivers every message to the <see cref="Mailbox"/>.</summary>
public sealed partial class SmtpServer(
    Mailbox mailbox, FaultBook faults, RequestLog log, IOptions<SandboxOptions> options, IConfiguration configuration, TimeProvider clock, ILogger<SmtpServer> logger) : BackgroundService
{
    const int MostSessions = 64;
    readonly X509Certificate2 certificate = MailCertificate.Create(clock);
    readonly SemaphoreSlim places = new(MostSessions);
    TcpListener? listener;

    /// <summary>Known from the start of the program on.</summary>
    public int Port => ((IPEndPoint)(listener ?? throw new InvalidOperationException("The mail server has not started.")).LocalEndpoint).Port;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        var wanted = configuration["SANDBOX_SMTP_PORT"];
        if (!ushort.TryParse(wanted is { Length: > 0 } ? wanted : "0", out var port)) throw new InvalidOperationException($"SANDBOX_SMTP_PORT is '{wanted}'; wanted: a port, or nothing for a free one.");
        listener = new(IPAddress.Loopback, port);
        listener.Start();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        LogListening(logger, Port);
        while (!stoppingToken.IsCancellationRequested)
        {
            await places.WaitAsync(stoppingToken);
            _ = ServeAsync(await listener!.AcceptTcpClientAsync(stoppingToken), stoppingToken);
        }
    }

    public override void Dispose()
    {
        listener?.Dispose();
        certificate.Dispose();
        base.Dispose();
    }

    async Task ServeAsync(TcpClient connection, CancellationToken ct)
    {
        try
        {
            using (connection)
            {
                connection.NoDelay = true;
                await using var session = new SmtpSession(connection.Client, certificate, mailbox, faults, log, options.Value, clock);
                await session.RunAsync(ct);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException) { } // the client is gone, or we are
        catch (Exception e) { LogFailed(logger, e); }
        finally { places.Release(); }
    }

    [LoggerMessage(1, LogLevel.Information, "Mail is taken on port {Port}")] private static partial void LogListening(ILogger logger, int port);
    [LoggerMessage(2, LogLevel.Warning, "A mail session ended badly")] private static partial void LogFailed(ILogger logger, Exception e);
}
