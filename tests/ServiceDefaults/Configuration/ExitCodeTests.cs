using System.Net;
using System.Net.Sockets;
using Empire.Configuration;
using Empire.Tests.Effects;

namespace Empire.Tests.Configuration;

/// <summary>What the person sees who starts a service that is configured wrongly.</summary>
public sealed class ExitCodeTests
{
    [Fact]
    public async Task Faulty_settings_end_the_process_with_a_list_and_without_a_stack_trace()
    {
        await using var service = LetterProcess.Start(new Dictionary<string, string?> { ["HTTP_PORT"] = "eighty", ["Empire__InternalKey"] = null, ["ConnectionStrings__shop"] = null });
        await service.EndedAsync();
        Assert.Equal(StartupException.ExitCode, service.ExitCode);
        Assert.Contains("3 faulty settings:", service.Errors, StringComparison.Ordinal);
        Assert.Contains("HTTP_PORT (environment variable HTTP_PORT); wanted: a TCP port", service.Errors, StringComparison.Ordinal);
        Assert.Contains("Empire:InternalKey (not set; environment variable Empire__InternalKey sets it)", service.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", service.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_named_with_its_setting()
    {
        await using var shop = new LetterShop();
        await shop.InitializeAsync();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var service = LetterProcess.Start(new Dictionary<string, string?>
        {
            ["HTTP_PORT"] = $"{((IPEndPoint)taken.LocalEndpoint).Port}", ["Empire__InternalKey"] = TestSite.InternalKey, ["ConnectionStrings__shop"] = shop.Test.ConnectionString,
        });
        await service.EndedAsync();
        Assert.Equal(StartupException.ExitCode, service.ExitCode);
        Assert.Contains("HTTP_PORT", service.Errors, StringComparison.Ordinal);
    }
}
