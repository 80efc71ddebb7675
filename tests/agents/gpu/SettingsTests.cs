using System.Diagnostics;

namespace Empire.GpuAgent.Tests;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("gopt_abcdefghijklmnopqrstuvwx", true)]
    [InlineData("gopt_0123456789ABCDEFGHIJabcd", true)]
    [InlineData("gopt_abcdefghijklmnopqrstuvw", false)]    // 23
    [InlineData("gopt_abcdefghijklmnopqrstuvwxy", false)]  // 25
    [InlineData("gopt_abcdefghijklmnopqrstuv-x", false)]
    [InlineData("gopt_abcdefghijklmnopqrstuvwx\n", false)]
    [InlineData("GOPT_abcdefghijklmnopqrstuvwx", false)]
    [InlineData("", false)]
    public void Only_a_key_of_the_published_form_is_taken(string key, bool good)
    {
        AgentSettings Read() => AgentSettings.Read([], Environment(("GPU_OPTIMIZER_API_KEY", key), ("GPU_OPTIMIZER_SERVER_URL", "https://empire.example.com")));
        if (good) Assert.Equal(key, Read().ApiKey);
        else
        {
            var message = Assert.Throws<SettingException>(Read).Message;
            Assert.StartsWith("GPU_OPTIMIZER_API_KEY", message, StringComparison.Ordinal);
            if (key.Length > 0) Assert.DoesNotContain(key.Trim(), message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GPU_OPTIMIZER_SERVER_URL", "empire.example.com")]
    [InlineData("GPU_OPTIMIZER_SERVER_URL", "ftp://empire.example.com")]
    [InlineData("GPU_OPTIMIZER_INTERVAL", "0")]
    [InlineData("GPU_OPTIMIZER_INTERVAL", "3601")]
    [InlineData("GPU_OPTIMIZER_INTERVAL", "1.5")]
    [InlineData("GPU_OPTIMIZER_LABELS", "team")]
    [InlineData("GPU_OPTIMIZER_COST_PER_HOUR", "-1")]
    [InlineData("GPU_OPTIMIZER_COST_PER_HOUR", "1e3")]
    [InlineData("GPU_OPTIMIZER_SPOOL_MIB", "0")]
    [InlineData("GPU_OPTIMIZER_METADATA", "perhaps")]
    [InlineData("GPU_OPTIMIZER_JOB_ENVIRONMENT", "perhaps")]
    public void A_setting_that_cannot_be_used_is_named(string name, string value)
    {
        var e = Assert.Throws<SettingException>(() => AgentSettings.Read([], Environment(("GPU_OPTIMIZER_API_KEY", StubTelemetry.Key), ("GPU_OPTIMIZER_SERVER_URL", "https://empire.example.com"), (name, value))));
        Assert.Contains(name == "GPU_OPTIMIZER_INTERVAL" ? "interval" : name, e.Message, StringComparison.Ordinal);
        Assert.Contains(value, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_and_flags_above_the_environment()
    {
        var plain = AgentSettings.Read([], Environment(("GPU_OPTIMIZER_API_KEY", StubTelemetry.Key), ("GPU_OPTIMIZER_SERVER_URL", "https://empire.example.com")));
        Assert.Equal((TimeSpan.FromSeconds(10), "/var/lib/empire-gpu-agent", 64L << 20, 0, true, plain.Server), (plain.Interval, plain.Folder, plain.SpoolBytes, plain.Simulate, plain.CloudMetadata, plain.GrpcServer));
        var flags = AgentSettings.Read(["--interval=2", "--simulate", "8"], Environment(("GPU_OPTIMIZER_API_KEY", StubTelemetry.Key), ("GPU_OPTIMIZER_SERVER_URL", "https://a.example"), ("GPU_OPTIMIZER_INTERVAL", "60"), ("STATE_DIRECTORY", "/state/x")));
        Assert.Equal((TimeSpan.FromSeconds(2), 8, "/state/x"), (flags.Interval, flags.Simulate, flags.Folder));
        Assert.Contains("--fast", Assert.Throws<SettingException>(() => AgentSettings.Read(["--fast"], Environment())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_ends_the_program_with_2_and_a_sentence()
    {
        using var agent = AgentProcess.Start([], [("GPU_OPTIMIZER_API_KEY", "gopt_short"), ("GPU_OPTIMIZER_SERVER_URL", "http://127.0.0.1:9")]);
        Assert.Equal(2, await agent.EndAsync());
        Assert.Contains("must be gopt_ and 24 letters or digits", agent.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_unit_passes_systemds_own_check()
    {
        if (!File.Exists("/usr/bin/systemd-analyze")) Assert.Skip("systemd-analyze is not installed.");
        using var folder = new TempFolder();
        using var reader = new StreamReader(typeof(SettingsTests).Assembly.GetManifestResourceStream("empire-gpu-agent.service")!);
        var unit = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Contains("After=network-online.target", unit, StringComparison.Ordinal);
        Assert.Contains("User=empire-gpu-agent", unit, StringComparison.Ordinal);
        Assert.Contains("\nAmbientCapabilities=CAP_SYS_PTRACE\nCapabilityBoundingSet=CAP_SYS_PTRACE\n", unit, StringComparison.Ordinal); // what OtherAccountTests shows to be needed, and no more
        Assert.Contains("Restart=always\nRestartSec=10\n", unit, StringComparison.Ordinal);
        const string Program = "/opt/empire-gpu-agent/empire-gpu-agent";
        Assert.Contains("ExecStart=" + Program, unit, StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.File("empire-gpu-agent.service"), unit.Replace(Program, "/bin/true", StringComparison.Ordinal), TestContext.Current.CancellationToken); // which is there
        using var verify = Process.Start(new ProcessStartInfo("systemd-analyze", ["verify", folder.File("empire-gpu-agent.service")]) { RedirectStandardError = true, UseShellExecute = false })!;
        var words = await verify.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await verify.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(verify.ExitCode == 0, words);
        Assert.DoesNotContain("empire-gpu-agent.service:", words, StringComparison.Ordinal); // an unknown setting is a warning
    }

    private static Func<string, string?> Environment(params (string Name, string Value)[] variables) => name => variables.Reverse().FirstOrDefault(variable => variable.Name == name).Value;
}
