using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Tests;

public sealed class PortAndSecretTests
{
    [Fact]
    public async Task A_fixed_port_in_use_is_refused_with_its_number_and_whose_it_is()
    {
        await using var app = new TestApplication();
        using var taken = Listen(out var port);
        app.Builder.AddExecutable("server", "/bin/true", "/").WithHttpEndpoint(port: port, name: "http");
        var refusal = await Assert.ThrowsAsync<DistributedApplicationException>(app.StartAsync);
        Assert.Equal($"Port {port} is in use; 'server' needs it for its endpoint 'http'.", refusal.Message);
    }

    [Fact]
    public async Task The_operator_pages_port_in_use_is_refused_with_the_setting_to_change()
    {
        using var taken = Listen(out var port);
        await using var app = new TestApplication(null, ("LocalOrchestrator:DashboardPort", $"{port}"));
        var refusal = await Assert.ThrowsAsync<DistributedApplicationException>(app.StartAsync);
        Assert.Contains($"Port {port} is in use; set LocalOrchestrator:DashboardPort", refusal.Message);
    }

    [Fact]
    public async Task A_fixed_port_and_replicas_exclude_each_other()
    {
        await using var app = new TestApplication();
        app.AddWorker("worker").WithHttpEndpoint(port: 1234, name: "admin").WithReplicas(2);
        var refusal = await Assert.ThrowsAsync<DistributedApplicationException>(app.StartAsync);
        Assert.Contains("cannot have the fixed port 1234", refusal.Message);
    }

    [Fact]
    public async Task A_chosen_port_survives_a_restart_and_gives_way_when_somebody_took_it_meanwhile()
    {
        var home = TestApplication.NewFolder();
        var first = await PortAsync(home);
        Assert.Equal(first, await PortAsync(home));
        using (var taken = new TcpListener(IPAddress.Loopback, first))
        {
            taken.Start();
            Assert.NotEqual(first, await PortAsync(home));
        }
        Directory.Delete(home, recursive: true);

        static async Task<int> PortAsync(string home)
        {
            var app = new TestApplication(home);
            app.Builder.AddExecutable("server", "/bin/true", "/").WithHttpEndpoint(name: "http");
            await app.StartAsync();
            var port = new Uri(app.Now("server")!.Address!).Port;
            await app.StopAsync();
            return port;
        }
    }

    [Fact]
    public async Task A_generated_value_is_kept_readable_for_its_owner_only_and_configuration_wins()
    {
        var home = TestApplication.NewFolder();
        var first = await ValueAsync(new TestApplication(home));
        Assert.Equal(30, first!.Length);
        Assert.Equal(first, await ValueAsync(new TestApplication(home)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(home, "secrets.json")));
        Assert.Equal("given", await ValueAsync(new TestApplication(home, ("Parameters:key", "given"))));
        Directory.Delete(home, recursive: true);

        static async Task<string?> ValueAsync(TestApplication app) =>
            await app.Builder.AddParameter("key", new GenerateParameterDefault { MinLength = 30, Special = false }, secret: true, persist: true).Resource.GetValueAsync();
    }

    [Fact]
    public async Task A_parameter_without_a_value_says_which_setting_gives_it()
    {
        await using var app = new TestApplication();
        var parameter = app.Builder.AddParameter("region");
        var missing = await Assert.ThrowsAsync<MissingParameterValueException>(async () => await parameter.Resource.GetValueAsync());
        Assert.Equal("Parameter 'region' has no value; set Parameters__region.", missing.Message);
    }

    [Fact]
    public void Generated_text_holds_what_it_must_and_only_what_it_may()
    {
        for (var i = 0; i < 200; i++)
        {
            var text = new GenerateParameterDefault { MinLength = 12, Special = false, Upper = false, MinNumeric = 3 }.GetDefaultValue();
            Assert.Equal(12, text.Length);
            Assert.All(text, c => Assert.True(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)));
            Assert.InRange(text.Count(char.IsAsciiDigit), 3, 12);
        }
    }

    [Fact]
    public async Task Names_are_checked_and_unique()
    {
        await using var app = new TestApplication();
        app.AddWorker("worker");
        Assert.Throws<DistributedApplicationException>(() => app.AddWorker("Worker"));
        Assert.Throws<ArgumentException>(() => app.AddWorker("no spaces"));
        Assert.Throws<ArgumentException>(() => app.AddWorker("double--hyphen"));
    }

    private static TcpListener Listen(out int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }
}
