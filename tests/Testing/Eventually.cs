using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Empire.Testing;

/// <summary>Waits for a fact instead of a time: looks again and again until it holds, and fails, naming it, when it does not.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <param name="timeout">Default 60 s: machines under test are busy.</param>
    /// <exception cref="TimeoutException">It did not come true; the text of <paramref name="condition"/> and the last exception are named.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan? timeout = null, [CallerArgumentExpression(nameof(condition))] string fact = "")
    {
        var started = Stopwatch.GetTimestamp();
        Exception? last = null;
        do
        {
            try
            {
                if (await condition()) return;
                last = null;
            }
            catch (Exception e)
            {
                last = e;
            }
            await Task.Delay(Pause);
        }
        while (Stopwatch.GetElapsedTime(started) < (timeout ?? Patience));
        throw new TimeoutException($"Not true after {(timeout ?? Patience).TotalSeconds} s: {fact}", last);
    }

    /// <inheritdoc cref="TrueAsync(Func{Task{bool}}, TimeSpan?, string)"/>
    public static Task TrueAsync(Func<bool> condition, TimeSpan? timeout = null, [CallerArgumentExpression(nameof(condition))] string fact = "") =>
        TrueAsync(() => Task.FromResult(condition()), timeout, fact);

    /// <summary>Waits until <paramref name="read"/> gives <paramref name="expected"/>; the failure names the last value seen.</summary>
    public static async Task EqualAsync<T>(T expected, Func<Task<T>> read, TimeSpan? timeout = null, [CallerArgumentExpression(nameof(read))] string what = "")
    {
        T? last = default;
        try
        {
            await TrueAsync(async () => EqualityComparer<T>.Default.Equals(last = await read(), expected), timeout, what);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"Expected {expected}, last saw {last}: {what}", e.InnerException);
        }
    }
}
