using System.Diagnostics;
using System.Net;

namespace Empire.Gateway.Tests;

/// <summary>What a GPU host downloads from /static.</summary>
public sealed class AgentInstallTests(AgentInstallTests.WithDownloads app) : IClassFixture<AgentInstallTests.WithDownloads>
{
    [Theory]
    [InlineData("install-agent.sh", "#!/bin/sh")]
    [InlineData("empire-gpu-agent.service", "[Unit]")]
    [InlineData("empire-gpu-agent-linux-x64", "the program")]
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

    public sealed class WithDownloads : GatewayApp
    {
        private readonly string parent = Directory.CreateTempSubdirectory("downloads-").FullName;

        public WithDownloads()
        {
            var folder = Directory.CreateDirectory(Path.Combine(parent, "offered")).FullName;
            File.WriteAllText(Path.Combine(parent, "outside"), "not offered");
            File.WriteAllText(Path.Combine(folder, ".hidden"), "not offered");
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "sub")).FullName, "inside"), "not offered");
            File.WriteAllText(Path.Combine(folder, "empire-gpu-agent-linux-x64"), "the program");
        }

        protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Gateway:DownloadsFolder", Path.Combine(parent, "offered"))];

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            Directory.Delete(parent, recursive: true);
        }
    }
}
