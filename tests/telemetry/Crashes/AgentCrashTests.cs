using System.Diagnostics;
using Empire.Testing;

namespace Empire.Telemetry.Tests.Crashes;

/// <summary>The real agent, the real service and a real database, each killed again and again while samples flow.</summary>
public sealed class AgentCrashTests(MortalTelemetry telemetry) : IClassFixture<MortalTelemetry>
{
    private const int Gpus = 8, Kills = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact, Trait("Category", "chaos")]
    public async Task Every_reading_that_an_agent_kept_is_stored_once_whoever_dies()
    {
        var random = new Random(23);
        await using var door = await Door.OpenAsync(telemetry.Grpc, telemetry.Http, () => telemetry.CallerHeader);
        var spool = Directory.CreateTempSubdirectory("agent-spool-").FullName;
        var agent = Start(door, spool);
        try
        {
            await HighestAsync(1);
            for (var kill = 0; kill < Kills; kill++)
            {
                var before = await telemetry.SeeAsync<long>("select coalesce(max(highest_sequence), 0) from agents");
                await HighestAsync(before + random.Next(1, 4));
                switch (kill % 3)
                {
                    case 0:
                        agent.Kill();
                        await agent.WaitForExitAsync();
                        agent.Dispose();
                        agent = Start(door, spool);
                        break;
                    case 1:
                        await telemetry.KillServiceAsync();
                        break;
                    default:
                        await telemetry.KillDatabaseAsync();
                        break;
                }
            }
            await HighestAsync(await telemetry.SeeAsync<long>("select max(highest_sequence) from agents") + 3);
        }
        finally
        {
            agent.Kill();
            await agent.WaitForExitAsync();
            agent.Dispose();
            Directory.Delete(spool, recursive: true);
        }
        await telemetry.SettledAsync();
        Assert.Equal(1, await telemetry.SeeAsync<long>("select count(*) from agents"));
        Assert.Equal("0 0", await telemetry.SeeAsync<string>("select lost || ' ' || summarised from agents"));
        var highest = await telemetry.SeeAsync<long>("select highest_sequence from agents");
        Assert.True(highest > 2 * Kills, $"Only {highest} readings.");
        Assert.Equal(highest * Gpus, await telemetry.SeeAsync<long>("select count(*) from samples"));
        Assert.Equal(highest * Gpus, await telemetry.SeeAsync<long>("select count(distinct (gpu_id, observed_at)) from samples"));
        Assert.Equal(highest * Gpus, await telemetry.SeeAsync<long>("select sum(samples)::bigint from rollups_day"));
    }

    private Task HighestAsync(long sequence) => Eventually.TrueAsync(async () => await telemetry.SeeAsync<long>("select coalesce(max(highest_sequence), 0) from agents") >= sequence, Patience);

    private static Process Start(Door door, string spool)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "empire-gpu-agent.dll"), "--simulate", $"{Gpus}", "--interval", "1", "--spool", spool])
        {
            UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true,
        };
        start.Environment["GPU_OPTIMIZER_API_KEY"] = "gopt_abcdefghijklmnopqrstuvwx";
        start.Environment["GPU_OPTIMIZER_SERVER_URL"] = door.Http.ToString();
        start.Environment["GPU_OPTIMIZER_GRPC_URL"] = door.Grpc.ToString();
        start.Environment["GPU_OPTIMIZER_METADATA"] = "off";
        var started = Process.Start(start)!;
        started.ErrorDataReceived += (_, line) => TestContext.Current.TestOutputHelper?.WriteLine(line.Data ?? "");
        started.BeginErrorReadLine();
        _ = started.StandardOutput.ReadToEndAsync(); // so that it never waits for a reader
        return started;
    }
}
