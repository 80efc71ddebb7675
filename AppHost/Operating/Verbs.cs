namespace Empire.AppHost.Operating;

/// <summary>What the script <c>empire</c> asks of this program beside running the application.</summary>
internal static class Verbs
{
    /// <returns>The exit code, or null when the arguments name no verb, so that the application is to be run.</returns>
    public static async Task<int?> RunAsync(string[] args)
    {
        try
        {
            switch (args)
            {
                case ["status", .. var words]:
                    var status = Options.Parse("status", words, ["--json"]);
                    return Status.Print(Installation.Load(), asJson: status.Has("--json"));
                case ["wait", var pid]:
                    return await Startup.FollowAsync(Installation.Load(), int.Parse(pid));
                case ["cycle", .. var words]:
                    var cycle = Options.Parse("cycle", words, ["--wait"], ("--feed", "a file"));
                    return await Cycle.RunAsync(Installation.Load(), cycle["--feed"], cycle.Has("--wait"));
                case ["summary", .. var words]:
                    return Summary.Print(Installation.Load(), Options.Parse("summary", words, [], ("--cycle", "how the first cycle went"))["--cycle"]);
                case ["doctor", .. var words]:
                    var doctor = Options.Parse("doctor", words, ["--json"]);
                    return await Doctor.Examination.RunAsync(Installation.Load(), asJson: doctor.Has("--json"));
                case ["test-servers", var folder, .. var words]:
                    return await TestServers.RunAsync(folder, durable: Options.Parse("test-servers", words, ["--durable"]).Has("--durable"));
                default:
                    return null;
            }
        }
        catch (DistributedApplicationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
