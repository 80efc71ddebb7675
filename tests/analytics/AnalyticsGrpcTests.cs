using Empire.Http;
using Grpc.Core;
using Grpc.Net.Client;

namespace Empire.Analytics.Tests;

public sealed class AnalyticsGrpcTests(AnalyticsApp app) : IClassFixture<AnalyticsApp>
{
    [Fact]
    public async Task Publishing_gets_a_link_and_autopilot_its_figures()
    {
        var client = Client();
        var caller = new Metadata { { CallerToken.Header, app.CallerTokenFor(app.Tenant, "service", "service:publishing") } };

        var link = await client.CreateLinkAsync(new() { LinkKey = "p/1", Destination = "https://shop.example/p/1" }, caller);
        var figures = await client.ComputeReturnsAsync(new() { BatchId = Guid.CreateVersion7().ToString() }, caller);

        Assert.Equal(32, (await app.ClickAsync(link.Code)).Length);
        Assert.Equal((true, 0L, "USD"), (figures.Complete, figures.Cost.Micros, figures.Cost.Currency));
    }

    [Fact]
    public async Task Nobody_is_served_without_a_caller()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await Client().CreateLinkAsync(new() { LinkKey = "p/1", Destination = "https://shop.example/p/1" }));
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
    }

    private Contracts.V1.Analytics.AnalyticsClient Client() =>
        new(GrpcChannel.ForAddress("http://localhost", new() { HttpHandler = app.Server.CreateHandler() }));
}
