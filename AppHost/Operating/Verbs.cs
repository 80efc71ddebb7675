namespace Empire.AppHost.Operating;

/// <summary>What the script <c>empire</c> asks of this program beside running the application.</summary>
internal static class Verbs
{
    /// <returns>The exit code, or null when the arguments name no verb, so that the application is to be run.</returns>
    public static async Task<int?> RunAsync(string[] args)
    {
        try
        {
            return args switch
            {
                ["status", .. var options] => Status.Print(Installation.Load(), asJson: options.Contains("--json")),
                ["wait", var pid] => await Startup.FollowAsync(Installation.Load(), int.Parse(pid)),
                ["cycle", .. var options] => await Cycle.RunAsync(Installation.Load(), Option(options, "--feed"), options.Contains("--wait")),
                ["summary", .. var options] => Summary.Print(Installation.Load(), Option(options, "--cycle")),
                ["doctor", .. var options] => await Doctor.Examination.RunAsync(Installation.Load(), asJson: options.Contains("--json")),
                ["test-servers", var folder, .. var options] => await TestServers.RunAsync(folder, durable: options.Contains("--durable")),
                _ => null,
            };
        }
        catch (DistributedApplicationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static string? Option(string[] options, string name) => Array.IndexOf(options, name) is var at and >= 0 && at + 1 < options.Length ? options[at + 1] : null;
}
