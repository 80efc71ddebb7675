using Empire.Contracts.V1;
using Empire.GpuAgent.Host;

namespace Empire.GpuAgent.Tests;

/// <summary>Whose work a process is, from what the kernel tells of it.</summary>
public sealed class JobIdsTests : IDisposable
{
    private readonly TempFolder proc = new();

    public void Dispose() => proc.Dispose();

    [Theory]
    // Slurm with cgroup v1, one line for each controller, and with v2.
    [InlineData("11:devices:/slurm/uid_1000/job_4711/step_0/task_0\n10:memory:/slurm/uid_1000/job_4711/step_0\n", "slurm:4711")]
    [InlineData("0::/system.slice/slurmstepd.scope/job_815/step_batch/user/task_0\n", "slurm:815")]
    // Kubernetes by the systemd driver (v2), where the pod's dashes are underscores, and by cgroupfs (v1).
    [InlineData("0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod5f1d2c3a_1b2c_4d5e_8f90_0123456789ab.slice/cri-containerd-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope\n", "pod:5f1d2c3a-1b2c-4d5e-8f90-0123456789ab")]
    [InlineData("4:memory:/kubepods/besteffort/pod5f1d2c3a-1b2c-4d5e-8f90-0123456789ab/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n", "pod:5f1d2c3a-1b2c-4d5e-8f90-0123456789ab")]
    // Containers without Kubernetes.
    [InlineData("0::/system.slice/docker-fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210.scope\n", "container:fedcba987654")]
    [InlineData("5:cpuset:/docker/fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210\n", "container:fedcba987654")]
    [InlineData("0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210.scope\n", "container:fedcba987654")]
    // Nobody's.
    [InlineData("0::/user.slice/user-1000.slice/session-3.scope\n", "")]
    [InlineData("0::/system.slice/job_manager.service\n", "")]
    public void A_control_group_names_the_job(string group, string job)
    {
        Process(100, group);
        Assert.Equal(job, JobOf(new("", procFolder: proc.Path), 100));
    }

    [Theory]
    [InlineData("PATH=/bin\0SLURM_JOB_ID=12\0HOME=/", "slurm:12")]
    [InlineData("PBS_JOBID=34.server\0", "pbs:34.server")]
    [InlineData("LSB_JOBID=56\0", "lsf:56")]
    [InlineData("FLUX_JOB_ID=f7\0", "flux:f7")]
    [InlineData("JOB_ID=78\0", "job:78")]
    [InlineData("MY_SLURM_JOB_ID=12\0SLURM_JOB_ID=\0", "")]
    [InlineData("GPU_OPTIMIZER_JOB_ID=piece_0199f3a17c5b7d3e8a4b5c6d7e8f9012\0SLURM_JOB_ID=12\0", "piece_0199f3a17c5b7d3e8a4b5c6d7e8f9012")]
    public void Without_one_the_environment_does(string environment, string job)
    {
        Process(100, "0::/init.scope\n", environment);
        Assert.Equal(job, JobOf(new("", procFolder: proc.Path), 100));
    }

    [Fact]
    public void What_a_process_says_itself_wins_over_its_control_group()
    {
        Process(100, "0::/system.slice/slurmstepd.scope/job_815/step_batch\n", "GPU_OPTIMIZER_JOB_ID=night-run\0SLURM_JOB_ID=815\0");
        Assert.Equal("night-run", JobOf(new("", procFolder: proc.Path), 100));
    }

    [Fact]
    public void Environments_are_not_looked_into_where_that_is_switched_off()
    {
        Process(100, "0::/system.slice/slurmstepd.scope/job_815/step_batch\n", "GPU_OPTIMIZER_JOB_ID=night-run\0");
        Process(101, "0::/init.scope\n", "SLURM_JOB_ID=12\0");
        var jobs = new JobIds("", environments: false, proc.Path);
        Assert.Equal(("slurm:815", ""), (JobOf(jobs, 100), JobOf(jobs, 101)));
    }

    [Fact]
    public void A_process_that_ended_or_may_not_be_read_is_of_the_job_that_the_agent_is_in() => Assert.Equal("slurm:9", JobOf(new("slurm:9", procFolder: proc.Path), 404));

    [Fact]
    public void A_gpu_is_its_processes_job_where_they_agree_and_else_only_theirs()
    {
        Process(1, "0::/job_1/\n");
        Process(2, "0::/job_2/\n");
        var jobs = new JobIds("", procFolder: proc.Path);
        var (alone, shared, idle) = (Gpu(1, 1), Gpu(1, 2), Gpu());
        jobs.Fill([alone, shared, idle]);
        Assert.Equal(("slurm:1", "", ""), (alone.JobId, shared.JobId, idle.JobId));
        Assert.Equal(["slurm:1", "slurm:2"], shared.Processes.Select(process => process.JobId));
    }

    [Fact]
    public void An_agent_within_a_job_knows_it_by_its_own_environment()
    {
        Assert.Equal("own", JobIds.OfThisHost(name => name is "GPU_OPTIMIZER_JOB_ID" ? "own" : name is "SLURM_JOB_ID" ? "3" : null));
        Assert.Equal("slurm:3", JobIds.OfThisHost(name => name is "SLURM_JOB_ID" ? "3" : null));
        Assert.Equal("", JobIds.OfThisHost(_ => null));
    }

    private static Sample Gpu(params uint[] processes)
    {
        var sample = new Sample();
        sample.Processes.AddRange(processes.Select(pid => new ProcessSample { Pid = pid, Name = "python3" }));
        return sample;
    }

    private static string JobOf(JobIds jobs, uint pid)
    {
        var gpu = Gpu(pid);
        jobs.Fill([gpu]);
        return gpu.JobId;
    }

    private void Process(uint pid, string group, string environment = "")
    {
        var folder = Directory.CreateDirectory(proc.File($"{pid}")).FullName;
        File.WriteAllText(Path.Combine(folder, "cgroup"), group);
        File.WriteAllText(Path.Combine(folder, "environ"), environment);
    }
}
