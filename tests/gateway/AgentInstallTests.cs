using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Empire.Gateway.Tests;

/// <summary>What a GPU host downloads from /static.</summary>
public sealed class AgentInstallTests(AgentInstallTests.WithDownloads app) : IClassFixture<AgentInstallTests.WithDownloads>
{
    private const string Key = "gopt_abcdefghijklmnopqrstuvwx";

    [Theory]
    [InlineData("install-agent.sh", "#!/bin/sh")]
    [InlineData("gpu_optimizer_agent.py", "#!/usr/bin/env python3")]
    [InlineData("empire-gpu-agent.service", "[Unit]")]
    [InlineData("empire-gpu-agent-linux-x64", "#!/bin/sh")]
    [InlineData("empire-gpu-agent.md", "# The GPU agent")]
    [InlineData("some-file", "some content")]
    [InlineData("some-file.sha256", "290f493c44f5d63d06b374d0a5abd292fae38b92cab2fae5efefe1b0e9347f56  some-file\n")] // by sha256sum
    public async Task The_script_the_unit_and_files_of_the_installation_are_there_without_a_key(string name, string beginning)
    {
        using var client = app.ClientFor(null);
        using var response = await client.GetAsync($"/static/{name}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith(beginning, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".hidden")]
    [InlineData("..%2foutside")]
    [InlineData("sub%2finside")]
    [InlineData("nothing")]
    [InlineData("nothing.sha256")]
    [InlineData(".hidden.sha256")]
    [InlineData("..%2foutside.sha256")]
    [InlineData("given-up")]
    public async Task Only_files_of_the_folder_itself_are_offered(string name)
    {
        using var client = app.ClientFor(null);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/static/{name}")).StatusCode);
    }

    [Fact]
    public async Task A_file_that_is_being_made_is_503_with_when_to_come_again_until_it_is_there()
    {
        using var client = app.ClientFor(null);
        var promise = app.Offered(".later.coming");
        await File.WriteAllTextAsync(promise, "");
        using (var early = await client.GetAsync("/static/later"))
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(10)), (early.StatusCode, early.Headers.RetryAfter?.Delta));
            Assert.Contains("later is being made", await early.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        await File.WriteAllTextAsync(app.Offered("later"), "made");
        Assert.Equal("made", await client.GetStringAsync("/static/later"));
        await File.WriteAllTextAsync(app.Offered("later"), "made anew");
        Assert.StartsWith("8c52c9861dbe9877d80819268a030d859b674d56", await client.GetStringAsync("/static/later.sha256"), StringComparison.Ordinal);
        File.Delete(app.Offered("later"));
        File.Delete(promise);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/static/later")).StatusCode);
    }

    [Fact, SupportedOSPlatform("linux")]
    public async Task The_script_puts_everything_into_an_image_and_keeps_what_was_set_before_unless_it_is_set_anew()
    {
        var image = Directory.CreateTempSubdirectory("image-").FullName;
        try
        {
            var (code, said) = await InstallAsync(["--root", image], ("COST_PER_HOUR", "2.48"), ("SPOOL_MIB", "128"), ("METADATA", "off"), ("LABELS", "team=computer vision"), ("INTERVAL", "30"), ("JOB_ENVIRONMENT", "off"));
            Assert.True(code == 0, said);
            var program = Path.Combine(image, "opt/empire-gpu-agent/empire-gpu-agent");
            Assert.Equal(UnixFileMode.UserExecute, File.GetUnixFileMode(program) & UnixFileMode.UserExecute);
            Assert.StartsWith("# The GPU agent", await File.ReadAllTextAsync(Path.Combine(image, "opt/empire-gpu-agent/README.md")), StringComparison.Ordinal);
            var unit = await File.ReadAllTextAsync(Path.Combine(image, "etc/systemd/system/empire-gpu-agent.service"));
            Assert.Contains("Documentation=file:///opt/empire-gpu-agent/README.md", unit, StringComparison.Ordinal);
            Assert.Equal("/etc/systemd/system/empire-gpu-agent.service", new FileInfo(Path.Combine(image, "etc/systemd/system/multi-user.target.wants/empire-gpu-agent.service")).LinkTarget);
            Assert.StartsWith("u empire-gpu-agent ", await File.ReadAllTextAsync(Path.Combine(image, "usr/lib/sysusers.d/empire-gpu-agent.conf")), StringComparison.Ordinal);
            var settings = Path.Combine(image, "etc/empire-gpu-agent.env");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(settings));
            var withoutPtrace = Path.Combine(image, "etc/systemd/system/empire-gpu-agent.service.d/no-job-environment.conf");
            Assert.Contains("\nCapabilityBoundingSet=\n", await File.ReadAllTextAsync(withoutPtrace), StringComparison.Ordinal);

            await File.AppendAllTextAsync(settings, "HTTPS_PROXY=http://proxy.example:3128\n");
            (code, said) = await InstallAsync(["--root", image], ("INTERVAL", "60"), ("LABELS", ""), ("JOB_ENVIRONMENT", "on"));
            Assert.True(code == 0, said);
            Assert.Equal(
                [$"GPU_OPTIMIZER_API_KEY={Key}", $"GPU_OPTIMIZER_SERVER_URL={app.Http.ToString().TrimEnd('/')}", "GPU_OPTIMIZER_INTERVAL=60", "GPU_OPTIMIZER_JOB_ENVIRONMENT=on", "GPU_OPTIMIZER_COST_PER_HOUR=2.48", "GPU_OPTIMIZER_SPOOL_MIB=128",
                    "GPU_OPTIMIZER_METADATA=off", "HTTPS_PROXY=http://proxy.example:3128"], await File.ReadAllLinesAsync(settings));
            Assert.False(File.Exists(withoutPtrace));
        }
        finally
        {
            Directory.Delete(image, recursive: true);
        }
    }

    [Fact]
    public async Task The_script_installs_no_program_that_is_not_what_the_server_says_it_is()
    {
        var image = Directory.CreateTempSubdirectory("image-").FullName;
        try
        {
            await File.WriteAllTextAsync(app.Offered($"{WithDownloads.Program}.sha256"), $"{new string('0', 64)}  {WithDownloads.Program}\n");
            var (code, said) = await InstallAsync(["--root", image]);
            Assert.Equal(1, code);
            Assert.Contains("not whole: its SHA-256 is", said, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(Path.Combine(image, "opt/empire-gpu-agent")));
        }
        finally
        {
            File.Delete(app.Offered($"{WithDownloads.Program}.sha256"));
            Directory.Delete(image, recursive: true);
        }
    }

    [Theory]
    [InlineData("gopt_short", "https://empire.example.com", "GPU_OPTIMIZER_API_KEY is not a key")]
    [InlineData("gopt_abcdefghijklmnopqrstuv-x", "https://empire.example.com", "GPU_OPTIMIZER_API_KEY is not a key")]
    [InlineData("gopt_abcdefghijklmnopqrstuvw\n", "https://empire.example.com", "GPU_OPTIMIZER_API_KEY is not a key")]
    [InlineData("gopt_abcdefghijklmnopqrstuvwx", "", "GPU_OPTIMIZER_SERVER_URL is not set")]
    [InlineData("gopt_abcdefghijklmnopqrstuvwx", "empire.example.com", "GPU_OPTIMIZER_SERVER_URL must begin with")]
    [InlineData("gopt_abcdefghijklmnopqrstuvwx", "https://a.example\nX=1", "GPU_OPTIMIZER_SERVER_URL must be an address")]
    public async Task The_script_refuses_wrong_settings_before_it_touches_the_host(string key, string server, string words)
    {
        var (code, said) = await InstallAsync([], ("API_KEY", key), ("SERVER_URL", server));
        Assert.Equal(1, code);
        Assert.StartsWith(words, said, StringComparison.Ordinal);
        Assert.DoesNotContain(key, said, StringComparison.Ordinal);
    }

    /// <summary>As the founding document has it: the one file is downloaded, two variables are set, and Python starts it.</summary>
    [Fact]
    public async Task The_python_file_brings_the_program_and_becomes_it()
    {
        var folder = Directory.CreateTempSubdirectory("agent-").FullName;
        try
        {
            var file = await DownloadedAsync(folder);
            var server = app.Http.GetLeftPart(UriPartial.Authority);
            Assert.Equal((0, $"agent --check for {Key} to {server}\n", ""), await PythonAsync(file, Key, server + "/", "--check"));
            var program = new FileInfo(Path.Combine(folder, "empire-gpu-agent"));
            var brought = program.LastWriteTimeUtc;
            Assert.Equal((0, $"agent  for {Key} to {server}\n", ""), await PythonAsync(file, Key, server));
            program.Refresh();
            Assert.Equal(brought, program.LastWriteTimeUtc);
            Assert.Equal((0, $"agent --check for {Key} to http://127.0.0.1:9\n", ""), await PythonAsync(file, Key, "http://127.0.0.1:9", "--check"));   // it is here already
            Assert.Equal(["empire-gpu-agent", "gpu_optimizer_agent.py"], Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("", "https://empire.example.com", "GPU_OPTIMIZER_API_KEY is not set")]
    [InlineData("gopt_short", "https://empire.example.com", "GPU_OPTIMIZER_API_KEY is not a key")]
    [InlineData(Key, "", "GPU_OPTIMIZER_SERVER_URL is not set")]
    [InlineData(Key, "empire.example.com", "GPU_OPTIMIZER_SERVER_URL must begin with")]
    [InlineData(Key, "http://127.0.0.1:9", "http://127.0.0.1:9/static/empire-gpu-agent-linux-")]   // nobody is there
    public async Task The_python_file_says_which_setting_cannot_be_used(string key, string server, string words)
    {
        var folder = Directory.CreateTempSubdirectory("agent-").FullName;
        try
        {
            var (code, _, said) = await PythonAsync(await DownloadedAsync(folder), key, server);
            Assert.Equal(2, code);
            Assert.StartsWith(words, said, StringComparison.Ordinal);
            Assert.Single(Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<string> DownloadedAsync(string folder)
    {
        using var client = app.ClientFor(null);
        var file = Path.Combine(folder, "gpu_optimizer_agent.py");
        await File.WriteAllTextAsync(file, await client.GetStringAsync("/static/gpu_optimizer_agent.py"));
        return file;
    }

    private static async Task<(int Code, string Output, string Error)> PythonAsync(string file, string key, string server, params string[] arguments)
    {
        using var python = Process.Start(new ProcessStartInfo("python3", [file, .. arguments])
        {
            RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false,
            Environment = { ["GPU_OPTIMIZER_API_KEY"] = key, ["GPU_OPTIMIZER_SERVER_URL"] = server },
        })!;
        var (output, error) = (python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
        await python.WaitForExitAsync();
        return (python.ExitCode, await output, await error);
    }

    /// <summary>As a host runs it, with this gateway for a server where no other is named.</summary>
    private async Task<(int Code, string Said)> InstallAsync(string[] arguments, params (string Name, string Value)[] settings)
    {
        using var client = app.ClientFor(null);
        var script = await client.GetStringAsync("/static/install-agent.sh");
        var start = new ProcessStartInfo("sh", ["-s", "--", .. arguments]) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        (start.Environment["GPU_OPTIMIZER_API_KEY"], start.Environment["GPU_OPTIMIZER_SERVER_URL"]) = (Key, app.Http.ToString());
        foreach (var (name, value) in settings) start.Environment[$"GPU_OPTIMIZER_{name}"] = value;
        using var shell = Process.Start(start)!;
        await shell.StandardInput.WriteAsync(script);
        shell.StandardInput.Close();
        var printed = shell.StandardOutput.ReadToEndAsync();
        var said = await shell.StandardError.ReadToEndAsync();
        await printed;
        await shell.WaitForExitAsync();
        return (shell.ExitCode, said);
    }

    public sealed class WithDownloads : GatewayApp
    {
        public static readonly string Program = $"empire-gpu-agent-linux-{(RuntimeInformation.ProcessArchitecture is Architecture.Arm64 ? "arm64" : "x64")}";
        private readonly string parent = Directory.CreateTempSubdirectory("downloads-").FullName;

        public WithDownloads()
        {
            var folder = Directory.CreateDirectory(Path.Combine(parent, "offered")).FullName;
            File.WriteAllText(Path.Combine(parent, "outside"), "not offered");
            File.WriteAllText(Path.Combine(folder, ".hidden"), "not offered");
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "sub")).FullName, "inside"), "not offered");
            File.WriteAllText(Path.Combine(folder, "some-file"), "some content");
            foreach (var platform in (string[])["linux-x64", "linux-arm64"])
                File.WriteAllText(Path.Combine(folder, $"empire-gpu-agent-{platform}"), "#!/bin/sh\necho \"agent $* for $GPU_OPTIMIZER_API_KEY to $GPU_OPTIMIZER_SERVER_URL\"\n");
            File.WriteAllText(Path.Combine(folder, ".given-up.coming"), "");
            File.SetLastWriteTimeUtc(Path.Combine(folder, ".given-up.coming"), TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1));
        }

        public string Offered(string name) => Path.Combine(parent, "offered", name);

        protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Gateway:DownloadsFolder", Path.Combine(parent, "offered"))];

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            Directory.Delete(parent, recursive: true);
        }
    }
}
