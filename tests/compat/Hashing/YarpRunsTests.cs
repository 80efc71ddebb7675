using System.IO.Hashing;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace Hashing.Tests;

/// <summary>YARP loads this assembly in place of the package it was built against, and calls it.</summary>
public sealed class YarpRunsTests
{
    [Fact(Timeout = 30_000)]
    public async Task A_request_with_session_affinity_goes_through_the_proxy()
    {
        await using var behind = await StartAsync(_ => { }, app => app.MapGet("/hello", () => "from behind"));
        // The affinity key of the hash-cookie policy is XxHash64 over the upper-case id of the destination, in UTF-16.
        var affinity = new SessionAffinityConfig { Enabled = true, Policy = "HashCookie", AffinityKeyName = "sticky" };
        await using var proxy = await StartAsync(
            services => services.AddReverseProxy().LoadFromMemory(
                [new RouteConfig { RouteId = "all", ClusterId = "behind", Match = new RouteMatch { Path = "{**path}" } }],
                [
                    new ClusterConfig
                    {
                        ClusterId = "behind",
                        SessionAffinity = affinity,
                        Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = AddressOf(behind) } },
                    },
                ]),
            app => app.MapReverseProxy());

        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(AddressOf(proxy) + "/hello"));

        Assert.Equal("from behind", await response.Content.ReadAsStringAsync());
        var expected = Convert.ToHexStringLower(XxHash64.Hash(Encoding.Unicode.GetBytes("ONE")));
        Assert.Contains($"sticky={expected}", response.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
    }

    static async Task<WebApplication> StartAsync(Action<IServiceCollection> services, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        services(builder.Services);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return app;
    }

    static string AddressOf(WebApplication app) => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
}
