using Microsoft.AspNetCore.Connections;

namespace Empire.Configuration;

/// <summary>The service cannot start as it is configured. Its message lists everything that is wrong; the process ends with
/// <see cref="ExitCode"/> and no stack trace.</summary>
public sealed class StartupException(IReadOnlyList<string> faults)
    : Exception($"{faults.Count} faulty setting{(faults.Count == 1 ? "" : "s")}:{string.Concat(faults.Select(fault => $"\n  - {fault}"))}")
{
    /// <summary>EX_CONFIG of sysexits.h: restarting will not help.</summary>
    public const int ExitCode = 78;

    public IReadOnlyList<string> Faults { get; } = faults;

    /// <summary>Ends the process in words where an exception of configuration would otherwise leave it as a crash.</summary>
    internal static void ExitOnUnhandled(object sender, UnhandledExceptionEventArgs e)
    {
        var message = e.ExceptionObject switch
        {
            StartupException startup => startup.Message,
            IOException { InnerException: AddressInUseException } inUse => $"{inUse.Message} Settings: HTTP_PORT, GRPC_PORT, ASPNETCORE_URLS.",
            _ => null,
        };
        if (message is null) return;
        Console.Error.WriteLine(message);
        Environment.Exit(ExitCode);
    }
}
