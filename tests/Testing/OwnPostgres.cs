using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Empire.Testing;

/// <summary>A PostgreSQL of the test's own, which it may kill: durable as in earnest, its data in a folder that is gone afterwards.</summary>
public sealed class OwnPostgres : IAsyncDisposable
{
    private const string Account = "postgres"; // the server refuses to run as root
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly string folder = Directory.CreateTempSubdirectory("postgres-").FullName;
    private readonly string programs;
    private readonly int port = FreePort();
    private Process? process;

    private OwnPostgres() => programs = Path.GetDirectoryName(Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin", "initdb")).Where(File.Exists).Order(StringComparer.Ordinal).Last())!;

    public int Pid => process?.Id ?? throw new InvalidOperationException("It does not run.");

    /// <summary>Of the superuser.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = port, Username = Account, Password = "own", Database = database }.ConnectionString;

    public static async Task<OwnPostgres> StartedAsync()
    {
        var server = new OwnPostgres();
        if (Environment.IsPrivilegedProcess)
        {
            using var give = Process.Start("chown", ["-R", Account, server.folder]);
            await give.WaitForExitAsync();
        }
        using (var make = server.Run("initdb", "-D", Path.Combine(server.folder, "data"), "-U", Account, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"))
        {
            await make.WaitForExitAsync();
            if (make.ExitCode != 0) throw new InvalidOperationException("initdb failed.");
        }
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it, and again where children of a killed server still have its memory, until it answers.</summary>
    public Task StartAsync() => Eventually.TrueAsync(async () =>
    {
        if (process is null or { HasExited: true }) process = Run("postgres", "-D", Path.Combine(folder, "data"), "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=");
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        return true;
    }, Patience);

    /// <summary>SIGKILL: no checkpoint, no goodbye.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null) await KillAsync();
        // Its children notice within a moment, and may write until then.
        await Eventually.TrueAsync(() =>
        {
            Directory.Delete(folder, recursive: true);
            return true;
        }, Patience);
    }

    private Process Run(string program, params string[] arguments)
    {
        string[] whole = [Path.Combine(programs, program), .. arguments];
        if (Environment.IsPrivilegedProcess) whole = ["setpriv", $"--reuid={Account}", $"--regid={Account}", "--clear-groups", .. whole]; // becomes the program: its process id is the server's
        var started = Process.Start(new ProcessStartInfo(whole[0], whole[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder })!;
        _ = started.StandardOutput.ReadToEndAsync(); // so that it never waits for a reader
        _ = started.StandardError.ReadToEndAsync();
        return started;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
