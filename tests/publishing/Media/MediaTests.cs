using System.Net;
using Empire.Publishing.Media;
using Empire.Publishing.Tests.Blog;
using Empire.Publishing.Tests.Stubs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Publishing.Tests.Media;

internal sealed class StubShop() : StubServer(HttpProtocols.Http1)
{
    public int Asked;

    protected override void Map(WebApplication app)
    {
        app.MapGet("/picture.svg", () =>
        {
            Interlocked.Increment(ref Asked);
            return Results.Text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/svg+xml");
        });
        app.MapGet("/page.html", () => Results.Text("<script>alert(1)</script>", "text/html"));
        app.MapGet("/empty.png", () => Results.Bytes([], "image/png"));
        app.MapGet("/{bytes:int}.gif", (int bytes) => Results.Bytes([.. Enumerable.Repeat((byte)bytes, bytes)], "image/gif"));
        app.MapGet("/huge.png", () => Results.Bytes(new byte[5 * 1024 * 1024], "image/png"));
    }
}

public sealed class MediaTests(PublishingApp app) : IClassFixture<PublishingApp>
{
    [Fact]
    public async Task A_product_picture_is_fetched_once_and_served_by_us_unable_to_run()
    {
        await using var shop = new StubShop();
        await shop.StartAsync();
        app.Content.ImageUrl = $"{shop.Address}/picture.svg";
        foreach (var slug in (string[])["pictured", "pictured-again"]) await PublishAsync(slug);
        Assert.Equal(1, shop.Asked);

        var page = Drawn.Parse(await app.CreateClient().GetStringAsync("/blog/pictured"));
        var picture = await app.CreateClient().GetAsync(page.QuerySelector(".product img")!.GetAttribute("src"));
        Assert.Equal("image/svg+xml", picture.Content.Headers.ContentType?.MediaType);
        Assert.Contains("sandbox", picture.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", picture.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("immutable", picture.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("page.html")]
    [InlineData("huge.png")]
    [InlineData("empty.png")]
    [InlineData("missing.png")]
    public async Task What_is_no_picture_costs_the_page_its_picture_not_the_publication(string file)
    {
        await using var shop = new StubShop();
        await shop.StartAsync();
        app.Content.ImageUrl = $"{shop.Address}/{file}";
        var slug = Empire.Publishing.Blog.Slug.Of($"without {file}");
        await PublishAsync(slug);
        Assert.Empty(Drawn.Parse(await app.CreateClient().GetStringAsync($"/blog/{slug}")).QuerySelectorAll("img:not(.related img)")); // other pages, below, may have theirs
    }

    [Fact]
    public async Task Pictures_take_storage_of_the_tier_once_and_one_without_room_is_left_out_until_the_account_pays()
    {
        await using var shop = new StubShop();
        await shop.StartAsync();
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        using var scope = app.Services.CreateScope();
        var store = scope.ServiceProvider.GetRequiredService<MediaStore>();
        Task<string?> FetchAsync(int bytes, string query = "") => store.FetchAsync(tenant, $"{shop.Address}/{bytes}.gif{query}", CancellationToken.None);
        Task<long> UsedAsync() => app.ReadAsync<long>("select used from kernel.tenant_resources where tenant_id = @tenant and resource = 'storage_bytes'", new { tenant = tenant.Value });
        for (var twice = 0; twice < 2; twice++) Assert.EndsWith(".gif", await FetchAsync(700), StringComparison.Ordinal);
        Assert.NotNull(await FetchAsync(700, "?again"));   // the same picture at another address
        Assert.Equal(700, await UsedAsync());

        await app.ReadAsync<object>("update kernel.tenant_resources set used = 99999900 where tenant_id = @tenant and resource = 'storage_bytes'", new { tenant = tenant.Value });
        Assert.Null(await FetchAsync(101));
        Assert.Equal((99_999_900L, 1L), (await UsedAsync(), await app.ReadAsync<long>("select count(*) from media where tenant_id = @tenant", new { tenant = tenant.Value })));
        Assert.NotNull(await FetchAsync(100));

        var now = TimeProvider.System.GetUtcNow();
        await using (var work = await app.Database.BeginAsync(tenant, CancellationToken.None))
        {
            await new TierChangedHandler().HandleAsync(new() { TenantId = tenant.Value, Tier = "professional", Before = "free", OccurredAt = now }, work, CancellationToken.None);
            await new TenantCreatedHandler().HandleAsync(new() { TenantId = tenant.Value, Name = "late word", TimeZone = "UTC", OccurredAt = now.AddDays(-1) }, work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }
        Assert.NotNull(await FetchAsync(101));
        Assert.Equal(100_000_101, await UsedAsync());
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("::", false)]
    [InlineData("::10.0.0.1", false)]
    [InlineData("64:ff9b::127.0.0.1", false)]
    [InlineData("64:ff9b::10.1.2.3", false)]
    [InlineData("64:ff9b:1::10.1.2.3", false)]
    [InlineData("2002:7f00:1::1", false)]
    [InlineData("2001::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("3fff::1", false)]
    [InlineData("64:ff9b::93.184.216.34", true)]
    [InlineData("2001:200::1", true)]
    [InlineData("32.2.0.1", true)] // begins with the bytes of 6to4
    [InlineData("93.184.216.34", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("2606:2800:220:1::1", true)]
    public void Only_public_addresses_are_connected_to(string address, bool allowed) => Assert.Equal(allowed, PublicAddressesOnly.IsPublic(IPAddress.Parse(address)));

    private async Task PublishAsync(string slug)
    {
        var piece = app.Content.Add("blog_post", Samples.PostJson(post => post with { Slug = slug }));
        await app.PublishedAsync((await app.PlanAsync((piece, "blog")))[0].PublicationId);
    }
}

public sealed class LiveFeedApp : PublishingApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => base.Settings.Where(setting => setting.Key != "Media:FromSandbox");
}

public sealed class LiveFeedTests(LiveFeedApp app) : IClassFixture<LiveFeedApp>
{
    [Fact]
    public async Task Unless_the_feeds_are_the_sandboxs_nobody_on_this_machine_is_asked_for_a_picture_whatever_the_environment()
    {
        await using var shop = new StubShop();
        await shop.StartAsync();
        using var scope = app.Services.CreateScope();
        Assert.Null(await scope.ServiceProvider.GetRequiredService<MediaStore>().FetchAsync(app.Tenant, $"{shop.Address}/picture.svg", TestContext.Current.CancellationToken));
        Assert.Equal(0, shop.Asked);
    }
}
