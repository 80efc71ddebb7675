using System.Net;
using Empire.GpuAgent.Host;
using Empire.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Empire.GpuAgent.Tests;

/// <summary>What machine this is, asked of a metadata address on a real socket that answers as each cloud's does, with its demands.</summary>
public sealed class CloudMetadataTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("spot", true)]
    [InlineData("on-demand", false)]
    public async Task Aws_is_asked_with_a_token(string life, bool spot)
    {
        await using var aws = await AnsweringAsync(context => (context.Request.Method, context.Request.Path.Value) switch
        {
            ("PUT", "/latest/api/token") when context.Request.Headers.ContainsKey("X-aws-ec2-metadata-token-ttl-seconds") => "a-token",
            ("GET", _) when context.Request.Headers["X-aws-ec2-metadata-token"] != "a-token" => null, // IMDSv2 answers 401 without
            ("GET", "/latest/meta-data/instance-type") => "p4d.24xlarge",
            ("GET", "/latest/meta-data/placement/region") => "eu-central-1",
            ("GET", "/latest/meta-data/instance-life-cycle") => life,
            _ => null,
        });
        Assert.Equal(new CloudMachine("aws", "eu-central-1", "p4d.24xlarge", spot), await new CloudMetadata(new TestClock(), AddressOf(aws)).FindAsync(ct));
    }

    [Fact]
    public async Task Google_is_asked_with_its_flavour_and_writes_long_names()
    {
        await using var google = await AnsweringAsync(context => context.Request.Headers["Metadata-Flavor"] != "Google" ? null : context.Request.Path.Value switch
        {
            "/computeMetadata/v1/instance/machine-type" => "projects/1234/machineTypes/a2-highgpu-1g",
            "/computeMetadata/v1/instance/zone" => "projects/1234/zones/us-central1-a",
            "/computeMetadata/v1/instance/scheduling/preemptible" => "TRUE",
            _ => null,
        });
        Assert.Equal(new CloudMachine("gcp", "us-central1", "a2-highgpu-1g", true), await new CloudMetadata(new TestClock(), AddressOf(google)).FindAsync(ct));
    }

    [Fact]
    public async Task Azure_answers_in_json()
    {
        await using var azure = await AnsweringAsync(context => context.Request.Headers["Metadata"] == "true" && context.Request.Path == "/metadata/instance/compute"
            ? """{"location":"westeurope","vmSize":"Standard_ND96asr_v4","priority":"Spot","name":"x"}""" : null);
        Assert.Equal(new CloudMachine("azure", "westeurope", "Standard_ND96asr_v4", true), await new CloudMetadata(new TestClock(), AddressOf(azure)).FindAsync(ct));
    }

    [Fact]
    public async Task An_address_that_says_anything_else_is_no_cloud()
    {
        await using var portal = await AnsweringAsync(_ => "<html>Sign in to the network</html>"); // to the token, the type, the region
        Assert.Null(await new CloudMetadata(new TestClock(), AddressOf(portal)).FindAsync(ct));
        await using var nothing = await AnsweringAsync(_ => (string?)null);
        Assert.Null(await new CloudMetadata(new TestClock(), AddressOf(nothing)).FindAsync(ct));
        Assert.Null(await new CloudMetadata(new TestClock(), new("http://127.0.0.1:9")).FindAsync(ct));
    }

    [Fact]
    public async Task An_address_that_never_answers_is_given_up_after_two_seconds()
    {
        var (asked, clock) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TestClock());
        await using var silent = await AnsweringAsync(async context =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return (string?)null;
        });
        var asking = new CloudMetadata(clock, AddressOf(silent)).FindAsync(ct);
        await asked.Task.WaitAsync(ct);
        Assert.False(asking.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await asking.WaitAsync(TimeSpan.FromSeconds(10), ct));
    }

    [Fact]
    public async Task An_answer_that_was_missed_at_the_start_is_asked_for_again_and_told_once_it_is_there()
    {
        var answers = false;
        await using var azure = await AnsweringAsync(context => answers && context.Request.Path == "/metadata/instance/compute" ? Azure : null);
        await using var server = await StubTelemetry.StartAsync();
        var clock = new TestClock();
        await using var agent = await RunningAgent.StartAsync(server.Address, folder.Path, clock, cloud: new(clock, AddressOf(azure)));
        await Eventually.TrueAsync(() => server.Stored.Count == 1);
        answers = true;
        await Eventually.TrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return server.Stored.Any(batch => batch.Host is { Provider.Length: > 0 });
        });
        Assert.Equal("", server.Stored[0].Host.Provider);
        var told = server.Stored.Where(batch => batch.Host is not null).Skip(1).ToList();
        Assert.Equal([("test", "azure", "westeurope", "Standard_ND96asr_v4", true)], told.Select(batch => (batch.Host.Hostname, batch.Host.Provider, batch.Host.Region, batch.Host.InstanceType, batch.Host.Spot)));
        Assert.Contains("This is a Standard_ND96asr_v4 at azure in westeurope.", agent.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_answer_stands_until_the_next_and_not_for_a_copy_of_the_disk()
    {
        var answers = true;
        await using var azure = await AnsweringAsync(context => answers && context.Request.Path == "/metadata/instance/compute" ? Azure : null);
        await using var server = await StubTelemetry.StartAsync();
        var clock = new TestClock();
        async Task<string> ProviderAsync()
        {
            var before = server.Stored.Count;
            await using var agent = await RunningAgent.StartAsync(server.Address, folder.Path, clock, cloud: new(clock, AddressOf(azure)));
            await Eventually.TrueAsync(() => server.Stored.Count > before);
            return server.Stored[before].Host.Provider;
        }
        Assert.Equal("azure", await ProviderAsync());
        answers = false;
        Assert.Equal("azure", await ProviderAsync());
        File.Delete(folder.File("agent-id")); // as on a copy, which gets an id of its own
        Assert.Equal("", await ProviderAsync());
    }

    private const string Azure = """{"location":"westeurope","vmSize":"Standard_ND96asr_v4","priority":"Spot","name":"x"}""";

    private static Task<WebApplication> AnsweringAsync(Func<HttpContext, string?> answer) => AnsweringAsync(context => Task.FromResult(answer(context)));

    /// <param name="answer">Null: 404.</param>
    private static async Task<WebApplication> AnsweringAsync(Func<HttpContext, Task<string?>> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(async context =>
        {
            if (await answer(context) is { } text) await context.Response.WriteAsync(text);
            else context.Response.StatusCode = StatusCodes.Status404NotFound;
        });
        await app.StartAsync();
        return app;
    }

    private static Uri AddressOf(WebApplication app) => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}
