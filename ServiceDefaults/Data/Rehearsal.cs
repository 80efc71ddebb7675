namespace Empire.Data;

/// <summary>What runs here does all that it would do, and no work of it commits: for a HEAD, which asks what a GET would answer and must not be what it asks about.</summary>
internal sealed class Rehearsal
{
    private static readonly AsyncLocal<Rehearsal?> Now = new();
    private bool over;

    /// <summary>False once it is over, also for what it has set going.</summary>
    public static bool IsOn => Now.Value is { over: false };

    public static async Task RunAsync(Func<Task> act)
    {
        var rehearsal = Now.Value = new();
        try { await act(); }
        finally { rehearsal.over = true; }
    }
}
