namespace Empire.GpuAgent;

internal static class Help
{
    public const string Text = """
        empire-gpu-agent [--interval SECONDS] [--simulate N] [--spool FOLDER] [--once | --check | --version | --help]

        Reads the NVIDIA GPUs of this host and streams what they do to Empire. What cannot be sent is kept on disk.

          --once            one reading as JSON on standard output; needs no key
          --check           can GPUs be read, can samples be sent, is the key accepted? Ends with 1 if not
          --interval N      seconds between two readings, 1 to 3600; 10
          --simulate N      N GPUs that are made up, for hosts without any; --seed S for others
          --spool FOLDER    where samples wait to be sent; /var/lib/empire-gpu-agent

        Environment:
          GPU_OPTIMIZER_API_KEY        the account's key, gopt_ and 24 letters or digits; needed
          GPU_OPTIMIZER_SERVER_URL     the gateway's address; needed
          GPU_OPTIMIZER_GRPC_URL       its address for gRPC, where that is another (without TLS)
          GPU_OPTIMIZER_INTERVAL       as --interval
          GPU_OPTIMIZER_SPOOL          as --spool
          GPU_OPTIMIZER_SPOOL_MIB      size of the spool at most; 64
          GPU_OPTIMIZER_LABELS         your own words for this host: team=vision,env=prod
          GPU_OPTIMIZER_COST_PER_HOUR  US dollars per GPU and hour, where you know better than the price book
          GPU_OPTIMIZER_METADATA       off: do not ask the cloud what machine this is; on
          GPU_OPTIMIZER_JOB_ID         the job of everything on this host; otherwise Slurm, Kubernetes and containers tell
          GPU_OPTIMIZER_JOB_ENVIRONMENT  off: do not look into the environment of processes for their jobs; on
          GPU_OPTIMIZER_NVML_LIBRARY   the driver's library; libnvidia-ml.so.1

        Ends with 2 when a setting cannot be used.
        """;
}
