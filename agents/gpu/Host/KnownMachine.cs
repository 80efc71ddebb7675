using System.Text;
using Empire.GpuAgent.Spooling;

namespace Empire.GpuAgent.Host;

/// <summary>What machine this is, as far as the cloud has said: at this start, or, until it does, at one before. Its answer is kept beside the agent's id, for prices hang on it and one answer that is missed at the
/// boot must not cost it; and who has never been answered is asked again, ever less often.</summary>
/// <param name="cloud">Null: the cloud is not to be asked, and nothing is known.</param>
/// <param name="folder">Where the agent's id is.</param>
/// <param name="agentId">On a copy of the disk it is another, and what the cloud said of the first machine is not of this one.</param>
internal sealed class KnownMachine(CloudMetadata? cloud, string folder, string agentId, TimeProvider clock, Journal journal)
{
    private const string FileName = "machine", Spot = "spot", OnDemand = "on-demand";
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5), Longest = TimeSpan.FromHours(1);

    private readonly string path = Path.Combine(folder, FileName);
    private CloudMachine? current;
    private bool answered;

    /// <summary>Null where nothing is known (yet).</summary>
    public CloudMachine? Current => Volatile.Read(ref current);

    /// <summary>Asks once; without an answer, what was said before is taken.</summary>
    public async Task BeginAsync(CancellationToken ct)
    {
        if (cloud is null || await AskAsync(cloud, ct) || Read() is not { } before) return;
        Volatile.Write(ref current, before);
        journal.Info($"No cloud says what machine this is: taken for what it was the last time, {before.InstanceType} at {before.Provider} in {before.Region} ({path}). It is asked again.");
    }

    /// <summary>Asks until there is an answer.</summary>
    public async Task KeepAskingAsync(CancellationToken ct)
    {
        var pause = First;
        try
        {
            while (cloud is not null && !answered)
            {
                await Task.Delay(pause, clock, ct);
                if (await AskAsync(cloud, ct)) journal.Info($"This is a {current!.InstanceType} at {current.Provider} in {current.Region}.");
                pause = pause * 2 < Longest ? pause * 2 : Longest;
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
    }

    private async Task<bool> AskAsync(CloudMetadata asked, CancellationToken ct)
    {
        if (await asked.FindAsync(ct) is not { } machine) return false;
        Volatile.Write(ref current, machine);
        answered = true;
        if (machine != Read()) Keep(machine);
        return true;
    }

    private CloudMachine? Read()
    {
        try
        {
            // None of the names has a blank in it: CloudMetadata takes no others.
            return File.Exists(path) && File.ReadAllText(path).Trim().Split(' ') is [var id, var provider, var region, var type, var life] && id == agentId ? new(provider, region, type, life == Spot) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Keep(CloudMachine machine)
    {
        try
        {
            DurableFiles.Replace(path, Encoding.ASCII.GetBytes($"{agentId} {machine.Provider} {machine.Region} {machine.InstanceType} {(machine.Spot ? Spot : OnDemand)}\n"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            journal.WarnOnce("machine", $"What machine this is was not kept for the next start: {e.Message}");
        }
    }
}
