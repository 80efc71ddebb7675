using System.ComponentModel.DataAnnotations;
using Empire.Configuration;
using Empire.Http;
using Microsoft.AspNetCore.Builder;

namespace Empire.Tests.Configuration;

public sealed class StartupValidationTests
{
    private sealed class BankOptions : ProviderOptions
    {
        [Required] public string ApiKey { get; set; } = "";
    }

    [Fact]
    public async Task Every_faulty_setting_is_named_at_once_with_its_source_and_what_is_wanted()
    {
        var failure = await StartAsync("Development", "--HTTP_PORT=eighty", "--Empire:InternalKey=short", "--LOG_LEVEL=LOUD", "--Providers:Bank:BaseAddress=bank", "--Effects:Concurrency=0");
        Assert.Equal(7, failure.Faults.Count);
        AssertNamed(failure, "HTTP_PORT (command line --HTTP_PORT); wanted: a TCP port");
        AssertNamed(failure, "Empire:InternalKey (command line --Empire:InternalKey); wanted: base64");
        AssertNamed(failure, "LOG_LEVEL (command line --LOG_LEVEL); wanted: TRACE");
        AssertNamed(failure, "ConnectionStrings:shop (not set; environment variable ConnectionStrings__shop sets it); wanted: the owner's PostgreSQL");
        AssertNamed(failure, "Providers:Bank:BaseAddress (command line --Providers:Bank:BaseAddress); wanted: an absolute");
        AssertNamed(failure, "Providers:Bank:ApiKey (not set; environment variable Providers__Bank__ApiKey sets it); wanted:");
        AssertNamed(failure, "Effects:Concurrency (command line --Effects:Concurrency); wanted:");
        Assert.StartsWith("7 faulty settings:", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Production_does_not_work_against_an_emulator()
    {
        string[] sandbox =
        [
            $"--Empire:InternalKey={TestSite.InternalKey}", "--ConnectionStrings:shop=Host=h;Database=d;Username=u",
            "--Providers:Bank:BaseAddress=http://127.0.0.1:9", "--Providers:Bank:ApiKey=k", "--Providers:Bank:Sandbox=true",
        ];
        var failure = await StartAsync("Production", sandbox);
        AssertNamed(failure, "Providers:Bank:Sandbox (command line --Providers:Bank:Sandbox); wanted: false");
        Assert.Single(failure.Faults);
    }

    private static void AssertNamed(StartupException failure, string fault) =>
        Assert.Contains(failure.Faults, named => named.StartsWith(fault, StringComparison.Ordinal));

    private static async Task<StartupException> StartAsync(string environment, params string[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(TestSite).Assembly.GetName().Name, EnvironmentName = environment, Args = settings,
        });
        builder.AddServiceDefaults("shop");
        builder.AddDatabase("shop");
        builder.AddEffects();
        builder.AddProvider<BankOptions>("Bank");
        await using var app = builder.Build();
        return Assert.Throws<StartupException>(() => app.MapServiceDefaults());
    }
}
