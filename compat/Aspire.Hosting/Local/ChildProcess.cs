using System.Collections.Concurrent;
using System.Diagnostics;

namespace Aspire.Hosting.Local;

/// <summary>One running program, the leader of its own session, so that everything it started can be ended with it.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly string? Setpriv = OnPath("setpriv"), Setsid = OnPath("setsid");
    private readonly Process _process;
    private readonly Task _output;

    private ChildProcess(Process process, Action<string> log)
    {
        _process = process;
        Identity = ProcessIdentity.Of(process.Id) ?? new(process.Id, 0);
        process.StandardInput.Close();
        _output = Task.WhenAll(PumpAsync(process.StandardOutput, log), PumpAsync(process.StandardError, log));
        Exit = ExitAsync();
    }

    public ProcessIdentity Identity { get; }

    /// <summary>The exit code, once the process and everything in its session are gone.</summary>
    public Task<int> Exit { get; }

    /// <exception cref="DistributedApplicationException">The program cannot be started.</exception>
    public static ChildProcess Start(NativeProgram program, bool dieTogether, Action<string> log)
    {
        var start = new ProcessStartInfo { UseShellExecute = false, WorkingDirectory = program.WorkingDirectory, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var part in CommandLine(program, dieTogether))
            if (start.FileName.Length == 0) start.FileName = part;
            else start.ArgumentList.Add(part);
        start.Environment.Remove("ASPNETCORE_URLS"); // the orchestrator's own address, if it was given one
        foreach (var (name, value) in program.Environment) start.Environment[name] = value;
        try
        {
            return new(Starter.Start(start), log);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new DistributedApplicationException($"{program.FileName} could not be started: {e.Message}", e);
        }
    }

    /// <summary>Asks the program to end, and kills it and its session when <paramref name="grace"/> has passed.</summary>
    /// <returns>False when it had to be killed.</returns>
    public async Task<bool> StopAsync(int signal, TimeSpan grace)
    {
        Identity.Signal(signal);
        try
        {
            await Exit.WaitAsync(grace);
            return true;
        }
        catch (TimeoutException)
        {
            Kill();
            await Exit;
            return false;
        }
    }

    public void Kill()
    {
        if (!_process.HasExited) Identity.SignalGroup(ProcessIdentity.SigKill);
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private static IEnumerable<string> CommandLine(NativeProgram program, bool dieTogether)
    {
        var user = System.Environment.IsPrivilegedProcess ? program.User : null;
        if (user is not null && Setpriv is null) throw new DistributedApplicationException($"{program.FileName} must run as '{user}', for which 'setpriv' is needed; install the package 'util-linux'.");
        if (Setpriv is not null && (user is not null || dieTogether))
        {
            yield return Setpriv;
            if (user is not null)
            {
                yield return $"--reuid={user}";
                yield return $"--regid={user}";
                yield return "--init-groups";
                if (!IsOpenToAll(program.WorkingDirectory))
                {
                    yield return "--inh-caps=+dac_override"; // the way to its own data leads through a folder that is closed to it, /root say
                    yield return "--ambient-caps=+dac_override";
                }
            }
            // Sent when the thread that started the child ends, which is why Starter owns a thread that never does.
            if (dieTogether) yield return $"--pdeathsig={(program.StopSignal == ProcessIdentity.SigInt ? "INT" : "TERM")}";
        }
        yield return Setsid ?? throw new DistributedApplicationException("'setsid' was not found; install the package 'util-linux'.");
        yield return program.FileName;
        foreach (var argument in program.Arguments) yield return argument;
    }

    private static bool IsOpenToAll(string folder)
    {
        for (var above = Directory.GetParent(folder); above is not null; above = above.Parent)
            if (!above.UnixFileMode.HasFlag(UnixFileMode.OtherExecute)) return false;
        return true;
    }

    private async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        Identity.SignalGroup(ProcessIdentity.SigKill); // what the program left in its session
        // A grandchild that moved to a session of its own may hold the pipe open; its output is not worth waiting for.
        await Task.WhenAny(_output, Task.Delay(TimeSpan.FromMilliseconds(500)));
        return _process.ExitCode;
    }

    private static async Task PumpAsync(StreamReader reader, Action<string> log)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line) log(line);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException) // the pipe is gone with the process
        {
        }
    }

    private static string? OnPath(string name) =>
        (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Starts every child from one thread that lives as long as the orchestrator: the kernel's "parent died" means the parent's thread.</summary>
    private static class Starter
    {
        private static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Done)> Queue = [];

        static Starter() => new Thread(Work) { IsBackground = true, Name = "child starter" }.Start();

        public static Process Start(ProcessStartInfo start)
        {
            var done = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
            Queue.Add((start, done));
            return done.Task.GetAwaiter().GetResult();
        }

        private static void Work()
        {
            foreach (var (start, done) in Queue.GetConsumingEnumerable())
            {
                try
                {
                    done.SetResult(Process.Start(start) ?? throw new InvalidOperationException("No process was started."));
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
            }
        }
    }
}
