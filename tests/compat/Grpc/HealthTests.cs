using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Grpc.Tests;

public sealed class HealthTests
{
    [Fact(Timeout = 20_000)]
    public async Task Each_service_has_the_status_of_its_own_checks()
    {
        var isOrdersHealthy = true;
        await using var server = await StartAsync(() => isOrdersHealthy);
        var client = new Health.V1.Health.HealthClient(server.Channel());
        Assert.Equal(ServingStatus.Serving, await StatusAsync(client, ""));
        Assert.Equal(ServingStatus.Serving, await StatusAsync(client, "orders"));
        isOrdersHealthy = false;
        Assert.Equal(ServingStatus.NotServing, await StatusAsync(client, ""));
        Assert.Equal(ServingStatus.NotServing, await StatusAsync(client, "orders"));
        Assert.Equal(ServingStatus.Serving, await StatusAsync(client, "stock"));
        var failure = await Assert.ThrowsAsync<RpcException>(() => StatusAsync(client, "nobody"));
        Assert.Equal(StatusCode.NotFound, failure.StatusCode);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_watcher_hears_of_changes()
    {
        var isOrdersHealthy = true;
        await using var server = await StartAsync(() => isOrdersHealthy);
        using var watch = new Health.V1.Health.HealthClient(server.Channel()).Watch(new HealthCheckRequest { Service = "orders" });
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));
        isOrdersHealthy = false;
        Assert.Equal(ServingStatus.NotServing, await NextAsync(watch));
    }

    [Fact(Timeout = 20_000)]
    public async Task A_watched_service_may_appear_later()
    {
        var statuses = new HealthCheck.HealthServiceImpl();
        await using var server = await EchoServer.StartAsync(
            services: services => services.AddSingleton(statuses), map: app => app.MapGrpcService<HealthCheck.HealthServiceImpl>());
        using var watch = new Health.V1.Health.HealthClient(server.Channel()).Watch(new HealthCheckRequest { Service = "late" });
        Assert.Equal(ServingStatus.ServiceUnknown, await NextAsync(watch));
        statuses.SetStatus("late", ServingStatus.Serving);
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));
        statuses.ClearAll();
        Assert.Equal(ServingStatus.ServiceUnknown, await NextAsync(watch));
    }

    [Fact(Timeout = 20_000)]
    public async Task A_watch_ends_when_the_server_stops()
    {
        var server = await StartAsync(() => true);
        using var watch = new Health.V1.Health.HealthClient(server.Channel()).Watch(new HealthCheckRequest());
        await NextAsync(watch);
        var stopping = server.StopAsync();
        await Assert.ThrowsAsync<RpcException>(() => NextAsync(watch));
        await stopping;
        await server.DisposeAsync();
    }

    static async Task<ServingStatus> StatusAsync(Health.V1.Health.HealthClient client, string service) =>
        (await client.CheckAsync(new HealthCheckRequest { Service = service })).Status;

    static async Task<ServingStatus> NextAsync(AsyncServerStreamingCall<HealthCheckResponse> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext());
        return watch.ResponseStream.Current.Status;
    }

    static Task<EchoServer> StartAsync(Func<bool> isOrdersHealthy) => EchoServer.StartAsync(
        services: services =>
        {
            services.AddGrpcHealthChecks(options =>
                {
                    options.Services.Map("orders", check => check.Tags.Contains("orders"));
                    options.Services.Map("stock", check => check.Name == "stock");
                })
                .AddCheck("database", () => isOrdersHealthy() ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(), tags: ["orders"])
                .AddCheck("stock", () => HealthCheckResult.Degraded());
            services.Configure<HealthCheckPublisherOptions>(options =>
            {
                options.Delay = TimeSpan.Zero;
                options.Period = TimeSpan.FromSeconds(1); // the shortest that the framework allows
            });
        },
        map: app => app.MapGrpcHealthChecksService());
}
