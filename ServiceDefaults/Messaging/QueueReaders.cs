using System.Collections.Frozen;
using Empire.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Empire.Messaging;

/// <summary>The readers of this service's queues. They run from before the bus delivers the first message until after it has delivered the last.</summary>
internal sealed class QueueReaders(
    HandlerMap map, Database database, IServiceScopeFactory scopes, IOptions<MessagingOptions> options, ILogger<QueueReader> log) : IHostedLifecycleService, IDisposable
{
    private readonly FrozenDictionary<string, QueueReader> readers = map.Queues.ToFrozenDictionary(
        queue => queue.Name, queue => new QueueReader(queue.Name, options.Value.HandleBatch, database, scopes, log));
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    public QueueReader this[HandlerQueue queue] => readers[queue.Name];

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        running = Task.WhenAll(readers.Values.Select(reader => reader.RunAsync(options.Value.BatchesAbreast, stopping.Token)));
        return Task.CompletedTask;
    }

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (stopping.IsCancellationRequested) return; // a test host stops twice, the second time after this was disposed
        await stopping.CancelAsync();
        await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a stuck reader does not hold the host beyond its time
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => stopping.Dispose();
}
