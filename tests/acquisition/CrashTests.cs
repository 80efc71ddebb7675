using System.Diagnostics;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Empire.Acquisition.Tests;

/// <summary>The service as a process of its own, killed between any two steps; another comes after it.</summary>
public sealed class CrashTests
{
    [Theory]
    [InlineData("inbox.handled", null)]
    [InlineData("inbox.committed", null)]
    [InlineData("effects.planned", null)]
    [InlineData("effects.claimed", null)]
    [InlineData("effects.performed", null)]
    [InlineData("effects.performed", "cut_after")]
    [InlineData("effects.probed", "cut_after")]
    [InlineData("effects.settling", null)]
    [InlineData("effects.settled", null)]
    public async Task Killed_there_the_mail_arrives_once(string point, string? fault)
    {
        await using var app = new QuietApp();
        await app.InitializeAsync();
        var faults = Directory.CreateTempSubdirectory("faults-").FullName;
        await File.WriteAllTextAsync(Path.Combine(faults, point), "0");
        var fact = app.SignUp("killed@example.com");
        if (fault is not null) await app.Sandbox.ArmAsync(fault, fact.Email);
        using (var doomed = app.Start(faults))
        {
            await app.PublishAsync(fact);
            await doomed.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token);
            Assert.Equal(137, doomed.ExitCode); // SIGKILL
        }
        using (var next = app.Start(null))
        {
            await app.SettledAsync("sent", fact.Email);
            await app.Sandbox.MailToAsync(fact.Email);
            next.Kill();
            await next.WaitForExitAsync();
        }
        Directory.Delete(faults, recursive: true);
    }

    /// <summary>The database, the sandbox and the event. The service in memory has nothing that works by itself: the processes do that.</summary>
    private sealed class QuietApp : AcquisitionApp
    {
        private string Prefix { get; } = $"t{Guid.CreateVersion7():n}.";

        protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Messaging:Prefix", Prefix)];

        protected override void ConfigureServices(IServiceCollection services)
        {
            foreach (var worker in services.Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Name != "GenericWebHostService").ToList()) services.Remove(worker);
        }

        public Process Start(string? faults)
        {
            var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Empire.Acquisition.dll")]) { WorkingDirectory = AppContext.BaseDirectory, UseShellExecute = false };
            foreach (var (key, value) in Settings) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
            start.Environment["ConnectionStrings__acquisition"] = TestDatabase.ConnectionString;
            start.Environment["ConnectionStrings__messaging"] = TestServers.RabbitMq;
            start.Environment["Empire__InternalKey"] = TestServers.InternalKey;
            start.Environment["DOTNET_ENVIRONMENT"] = "Development";
            start.Environment["HTTP_PORT"] = "0";
            start.Environment["GRPC_PORT"] = "0";
            start.Environment["LOG_LEVEL"] = "WARNING";
            start.Environment["Effects__Lease"] = "00:00:02"; // whoever comes after waits that long
            start.Environment["EMPIRE_FAULTS"] = faults;
            return Process.Start(start)!;
        }
    }
}
