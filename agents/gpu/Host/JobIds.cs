using System.Text.RegularExpressions;
using Empire.Contracts.V1;

namespace Empire.GpuAgent.Host;

/// <summary>Which piece of work a process belongs to: what it says itself by <see cref="OwnWord"/>; else its Slurm job, Kubernetes pod or container, by its control group; where that says
/// nothing, by what a scheduler put into its environment. The environment counts where it may be read.</summary>
/// <param name="hostJob">The job of everything here, where the agent itself was started within one; otherwise empty.</param>
/// <param name="environments">Whether to read those of processes at all.</param>
internal sealed partial class JobIds(string hostJob, bool environments = true, string procFolder = "/proc")
{
    /// <summary>A variable that names the job outright, as <c>piece_0199f3…</c> for work on a piece of content.</summary>
    private const string OwnWord = "GPU_OPTIMIZER_JOB_ID";

    /// <summary>Set by schedulers for what they start.</summary>
    private static readonly string[] Variables = ["SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "JOB_ID", "FLUX_JOB_ID"];

    private readonly Dictionary<(uint Pid, string Name), string> known = [];

    public static string OfThisHost(Func<string, string?> environment) =>
        environment(OwnWord) ?? Variables.Select(variable => environment(variable) is { Length: > 0 } id ? Named(variable, id) : null).FirstOrDefault(id => id is not null) ?? "";

    /// <summary>Fills in the jobs of processes, and of GPUs whose processes are all of one job.</summary>
    public void Fill(IReadOnlyList<Sample> samples)
    {
        var alive = 0;
        foreach (var sample in samples)
        {
            foreach (var process in sample.Processes)
            {
                process.JobId = Of(process.Pid, process.Name);
                alive++;
            }
            sample.JobId = sample.Processes.Count > 0 && sample.Processes.All(process => process.JobId == sample.Processes[0].JobId) ? sample.Processes[0].JobId : hostJob;
        }
        if (known.Count > 2 * alive + 16) known.Clear(); // numbers of processes are given again
    }

    private string Of(uint pid, string name)
    {
        if (known.TryGetValue((pid, name), out var job)) return job;
        var environment = environments ? EnvironmentOf(pid) : "";
        return known[(pid, name)] = ValueOf(environment, OwnWord) ?? FromGroup(ReadOrEmpty($"{procFolder}/{pid}/cgroup")) ?? FromEnvironment(environment) ?? hostJob;
    }

    /// <param name="group">/proc/PID/cgroup</param>
    internal static string? FromGroup(string group)
    {
        if (Slurm().Match(group) is { Success: true } slurm) return $"slurm:{slurm.Groups["id"].Value}";
        if (Pod().Match(group) is { Success: true } pod) return $"pod:{pod.Groups["id"].Value.Replace('_', '-')}";
        if (Container().Match(group) is { Success: true } container) return $"container:{container.Groups["id"].Value[..12]}";
        return null;
    }

    private static string? FromEnvironment(string environment) =>
        Variables.Select(variable => ValueOf(environment, variable) is { } id ? Named(variable, id) : null).FirstOrDefault(id => id is not null);

    private static string? ValueOf(string environment, string variable)
    {
        foreach (var pair in environment.Split('\0'))
            if (pair.Split('=', 2) is [var name, { Length: > 0 and <= 128 } value] && name == variable) return value;
        return null;
    }

    private static string Named(string variable, string id) => variable switch
    {
        "SLURM_JOB_ID" => $"slurm:{id}",
        "PBS_JOBID" => $"pbs:{id}",
        "LSB_JOBID" => $"lsf:{id}",
        "FLUX_JOB_ID" => $"flux:{id}",
        _ => $"job:{id}",
    };

    private string EnvironmentOf(uint pid)
    {
        try
        {
            return File.ReadAllText($"{procFolder}/{pid}/environ");
        }
        catch (UnauthorizedAccessException)
        {
            try
            {
                return ProcessMemory.EnvironmentOf(pid);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or EntryPointNotFoundException)
            {
                return "";
            }
        }
        catch (IOException)
        {
            return ""; // it has ended
        }
    }

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // it has ended
        }
    }

    [GeneratedRegex(@"/job_(?<id>\d+)(?:/|$)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Slurm();

    [GeneratedRegex(@"pod(?<id>[0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12})", RegexOptions.ExplicitCapture)]
    private static partial Regex Pod();

    [GeneratedRegex(@"(?:docker|libpod|cri-containerd|crio)[-/](?<id>[0-9a-f]{64})", RegexOptions.ExplicitCapture)]
    private static partial Regex Container();
}
