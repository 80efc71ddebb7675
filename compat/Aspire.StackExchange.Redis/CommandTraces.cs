using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using StackExchange.Redis;

namespace Aspire.StackExchange.Redis;

/// <summary>Makes a span of every command, from the client's profiler: it has no traces of its own.</summary>
/// <remarks>The profiler gives the commands of a batch once, when the batch is closed. So one batch per parent span is filled for a turn, rests for a turn, in
/// which its last commands complete, and is then made into spans. A command that takes longer than that is not traced.</remarks>
internal sealed class CommandTraces : IDisposable
{
    /// <summary>The name the instrumentation of later releases has, so that a program listens to one name.</summary>
    public const string SourceName = "OpenTelemetry.Instrumentation.StackExchangeRedis";

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);
    /// <summary>1.2.6 gives stopwatch ticks as if they were those of a TimeSpan; on Linux it takes a hundred of them to make one.</summary>
    private static readonly double StopwatchTick = (double)TimeSpan.TicksPerSecond / Stopwatch.Frequency;

    private static readonly ActivitySource Source = new(SourceName);
    private readonly ConcurrentBag<Profiler> profilers = [];
    private readonly Lock turning = new();
    private readonly Timer timer;

    public CommandTraces() => timer = new(_ => TakeTurn(), null, Turn, Turn);

    public void Watch(ConnectionMultiplexer connection)
    {
        var profiler = new Profiler(connection);
        connection.RegisterProfiler(profiler);
        profilers.Add(profiler);
    }

    public void Dispose()
    {
        timer.Dispose();
        TakeTurn();
        TakeTurn();
    }

    private void TakeTurn()
    {
        lock (turning) // a slow turn is not overtaken by the next
        {
            Activity.Current = null; // the timer carries the span in which the client was made
            foreach (var profiler in profilers) profiler.TakeTurn();
        }
    }

    private sealed class Profiler(ConnectionMultiplexer connection) : IProfiler
    {
        private volatile ConcurrentDictionary<ActivityContext, Batch> filling = new();
        private ConcurrentDictionary<ActivityContext, Batch> resting = new();

        /// <summary>The batch that the command which is being sent goes to; null leaves it untraced.</summary>
        public object? GetContext() => Source.HasListeners() ? filling.GetOrAdd(Activity.Current?.Context ?? default, Begin) : null;

        public void TakeTurn()
        {
            var rested = resting;
            (resting, filling) = (filling, new());
            foreach (var batch in rested.Values)
                foreach (var command in connection.FinishProfiling(batch)) Trace(command, batch.Parent);
        }

        private Batch Begin(ActivityContext parent)
        {
            var batch = new Batch(parent);
            connection.BeginProfiling(batch);
            return batch;
        }

        private static void Trace(IProfiledCommand command, ActivityContext parent)
        {
            using var span = Source.StartActivity(command.Command, ActivityKind.Client, parent, startTime: new DateTimeOffset(command.CommandCreated));
            if (span is null) return;
            span.SetTag("db.system.name", "redis").SetTag("db.operation.name", command.Command);
            if (command.Db >= 0) span.SetTag("db.namespace", command.Db.ToString());
            var (host, port) = command.EndPoint switch
            {
                IPEndPoint ip => (ip.Address.ToString(), ip.Port),
                DnsEndPoint dns => (dns.Host, dns.Port),
                _ => (null, 0),
            };
            if (host is not null) span.SetTag("server.address", host).SetTag("server.port", port);
            span.SetEndTime(command.CommandCreated + command.ElapsedTime * StopwatchTick);
        }
    }

    /// <summary>Known to the client by its identity.</summary>
    private sealed class Batch(ActivityContext parent)
    {
        public ActivityContext Parent { get; } = parent;
    }
}
