using Empire.Contracts.V1;
using Grpc.Core;

namespace Empire.Analytics.Tests.Links;

public sealed class CreateLinkTests(AnalyticsApp app) : IClassFixture<AnalyticsApp>
{
    [Fact]
    public async Task A_repeated_key_returns_the_first_code_even_under_a_race()
    {
        var codes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.LinkAsync(new() { LinkKey = "pub-1/prod-1", Destination = "https://shop.example/p" })));

        Assert.Single(codes.Distinct());
        Assert.Matches("^[0-9A-Za-z]{8}$", codes[0]);
    }

    [Fact]
    public async Task The_same_key_of_another_tenant_is_another_link()
    {
        var request = new CreateLinkRequest { LinkKey = "shared", Destination = "https://shop.example/p" };

        Assert.NotEqual(await app.LinkAsync(request), await app.LinkAsync(request, TenantId.New(TimeProvider.System.GetUtcNow())));
    }

    [Theory]
    [InlineData("", "https://shop.example/", "", "link_key")]
    [InlineData("k", "javascript:alert(1)", "", "destination")]
    [InlineData("k", "https://shop.example/", "17", "product_id")]
    public async Task A_bad_request_names_its_field(string key, string destination, string product, string field)
    {
        var request = new CreateLinkRequest { LinkKey = key, Destination = destination, ProductId = product };

        var refused = await Assert.ThrowsAsync<RpcException>(() => Analytics.Links.CreateLink.HandleAsync(request, app.Tenant, app.Database, TimeProvider.System, CancellationToken.None));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.StartsWith(field + ":", refused.Status.Detail, StringComparison.Ordinal);
    }
}
