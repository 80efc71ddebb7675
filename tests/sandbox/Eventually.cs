namespace Empire.Sandbox.Tests;

public static class Eventually
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15), Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until the answer satisfies, at most for the deadline; then fails with the last answer.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Predicate<T> satisfied)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (satisfied(answer)) return answer;
            if (TimeProvider.System.GetElapsedTime(start) > Deadline) Assert.Fail($"Not within {Deadline}; the last answer was {answer}.");
            await Task.Delay(Pause);
        }
    }
}
