using System.Diagnostics.Metrics;

namespace Empire.Bench.Messaging;

/// <summary>Counts what handlers have committed, by the kernel's own figure.</summary>
internal sealed class HandledCount : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly Lock gate = new();
    private long count;
    private (long At, TaskCompletionSource Reached)? awaited;

    public HandledCount()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "empire.inbox.handled") self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, handled, _, _) => Add(handled));
        listener.Start();
    }

    /// <summary>Ends when <paramref name="more"/> further messages are handled.</summary>
    public Task WaitForAsync(long more)
    {
        lock (gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            awaited = (count + more, reached);
            return reached.Task;
        }
    }

    private void Add(long handled)
    {
        lock (gate)
        {
            count += handled;
            if (awaited is { } goal && count >= goal.At) goal.Reached.TrySetResult();
        }
    }

    public void Dispose() => listener.Dispose();
}
