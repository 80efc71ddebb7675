using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Aspire.StackExchange.Redis;

/// <summary>Makes the connection while the host starts, without holding up the start: making one waits, and no request should.</summary>
internal sealed class ConnectAtStart(Func<IConnectionMultiplexer> connect) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(connect, stoppingToken);
}
