using System.Diagnostics;
using System.Net;

namespace Empire.Gateway.Tests;

/// <summary>What a GPU host downloads from /static.</summary>
public sealed class AgentInstallTests(AgentInstallTests.WithDownloads app) : IClassFixture<AgentInstallTests.WithDownloads>
{
    [Theory]
    [InlineData("install-agent.sh", "#!/bin/sh")]
    [InlineData("gpu_optimizer_agent.py", "#!/usr/bin/env python3")]
    [InlineData("empire-gpu-agent.service", "[Unit]")]
    [InlineData("empire-gpu-agent-linux-x64", "#!/bin/sh")]
    public async Task The_script_the_unit_and_the_program_are_there_without_a_key(string name, string beginning)
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
    public async Task Only_files_of_the_folder_itself_are_offered(string name)
    {
        using var client = app.ClientFor(null);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/static/{name}")).StatusCode);
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
        using var client = app.ClientFor(null);
        var script = await client.GetStringAsync("/static/install-agent.sh");
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-s"])
        {
            RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false,
            Environment = { ["GPU_OPTIMIZER_API_KEY"] = key, ["GPU_OPTIMIZER_SERVER_URL"] = server },
        })!;
        await shell.StandardInput.WriteAsync(script);
        shell.StandardInput.Close();
        var said = await shell.StandardError.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.Equal(1, shell.ExitCode);
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

    private const string Key = "gopt_abcdefghijklmnopqrstuvwx";

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

    public sealed class WithDownloads : GatewayApp
    {
        private readonly string parent = Directory.CreateTempSubdirectory("downloads-").FullName;

        public WithDownloads()
        {
            var folder = Directory.CreateDirectory(Path.Combine(parent, "offered")).FullName;
            File.WriteAllText(Path.Combine(parent, "outside"), "not offered");
            File.WriteAllText(Path.Combine(folder, ".hidden"), "not offered");
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "sub")).FullName, "inside"), "not offered");
            foreach (var platform in (string[])["linux-x64", "linux-arm64"])
                File.WriteAllText(Path.Combine(folder, $"empire-gpu-agent-{platform}"), "#!/bin/sh\necho \"agent $* for $GPU_OPTIMIZER_API_KEY to $GPU_OPTIMIZER_SERVER_URL\"\n");
        }

        protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Gateway:DownloadsFolder", Path.Combine(parent, "offered"))];

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            Directory.Delete(parent, recursive: true);
        }
    }
}
