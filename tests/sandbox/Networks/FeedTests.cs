using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using CsvHelper;
using Empire.Sandbox.Networks;

namespace Empire.Sandbox.Tests.Networks;

public sealed class FeedTests(SandboxApp app) : IClassFixture<SandboxApp>
{
    const string Datafeed = "/networks/meadow/datafeed.csv?token=t", Products = "/networks/harbor/v1/products";

    [Fact]
    public void The_networks_offer_360_distinct_believable_products_in_12_niches()
    {
        var products = new Catalogue().Products;
        Assert.Equal(360, products.Count);
        Assert.Equal(12, products.Select(p => p.Niche).Distinct().Count());
        Assert.All(products.GroupBy(p => p.Niche), niche => Assert.Equal(30, niche.Count()));
        Assert.Equal(360, products.Select(p => p.Id).Distinct().Count());
        Assert.Equal(360, products.Select(p => p.Name).Distinct().Count());
        Assert.Equal(360, products.Select(p => p.Description).Distinct().Count());
        Assert.Equal(180, products.Count(p => p.Network == Network.Meadow));
        Assert.All(products, p =>
        {
            Assert.InRange(p.Features.Count, 3, 6);
            Assert.InRange(p.Price, 5, 1000);
            Assert.InRange(p.Rating, 3.5m, 5);
            Assert.InRange(p.Commission, 0.5m, p.Price * 0.2m);
            Assert.InRange(p.ConversionRate, 0.2m, 6);
            Assert.InRange(p.TrendScore, 0, 100);
            Assert.True(p.ReviewCount > 0 && p.Stock >= 0 && p.Description.Length > 40 && !p.Name.Contains('['));
        });
    }

    [Fact]
    public async Task The_datafeed_is_a_CSV_that_a_strict_reader_reads_back_unchanged()
    {
        using var client = app.Client();
        using var csv = new CsvReader(new StringReader(await client.GetStringAsync(Datafeed)), CultureInfo.InvariantCulture);
        await csv.ReadAsync();
        csv.ReadHeader();
        Assert.Equal(MeadowDatafeed.Columns, csv.HeaderRecord!);
        var rows = 0;
        foreach (var product in new Catalogue().Of(Network.Meadow))
        {
            Assert.True(await csv.ReadAsync());
            Assert.Equal((product.Id, product.Name, product.Description), (csv["product_id"]!, csv["name"]!, csv["description"]!));
            Assert.Equal(product.Features, csv["features"]!.Split("; "));
            Assert.Equal(product.Price, decimal.Parse(csv["price"]!, CultureInfo.InvariantCulture));
            rows++;
        }
        Assert.False(await csv.ReadAsync());
        Assert.Equal(180, rows);
        Assert.Contains(new Catalogue().Of(Network.Meadow), p => p.Name.Contains('"') || p.Description.Contains(','));
    }

    [Fact]
    public async Task A_datafeed_known_by_its_tag_is_not_sent_again()
    {
        using var client = app.Client();
        using var first = await client.GetAsync(Datafeed);
        using var request = new HttpRequestMessage(HttpMethod.Get, Datafeed);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_compressed_datafeed_is_the_same_text_under_another_tag()
    {
        using var client = app.Client();
        using var plain = await client.GetAsync(Datafeed);
        using var request = new HttpRequestMessage(HttpMethod.Get, Datafeed);
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var packed = await client.SendAsync(request);
        await using var unpacked = new GZipStream(await packed.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);

        Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
        Assert.NotEqual(plain.Headers.ETag, packed.Headers.ETag);
        Assert.Equal(await plain.Content.ReadAsStringAsync(), await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Without_token_or_key_neither_network_shows_its_products()
    {
        using var nobody = app.Client(null);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("/networks/meadow/datafeed.csv")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync(Products)).StatusCode);
    }

    [Fact]
    public async Task Following_the_links_of_harbor_visits_every_product_once()
    {
        using var client = app.Client();
        var seen = new List<string>();
        var next = $"{Products}?per_page=70";
        while (next is not null)
        {
            using var response = await client.GetAsync(next);
            var page = await response.Content.ReadFromJsonAsync<JsonObject>();
            seen.AddRange(page!["data"]!.AsArray().Select(p => p!["sku"]!.GetValue<string>()));
            Assert.Equal(180, page["page"]!["total_items"]!.GetValue<int>());
            Assert.True(response.Headers.Contains("X-RateLimit-Remaining"));
            next = page["links"]!["next"]?.GetValue<string>();
        }
        Assert.Equal(new Catalogue().Of(Network.Harbor).Select(p => p.Id), seen);
    }

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("per_page=101", "per_page")]
    [InlineData("per_page=many", "per_page")]
    public async Task A_wrong_page_is_refused_with_the_name_of_its_field(string query, string field)
    {
        using var client = app.Client();
        using var response = await client.GetAsync($"{Products}?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(field, (await response.Content.ReadFromJsonAsync<JsonObject>())!["error"]!["field"]!.GetValue<string>());
    }

    [Fact]
    public void Every_product_has_a_picture_that_is_well_formed_and_its_own()
    {
        var pictures = new Catalogue().Products.Select(p => (Product: p, Svg: XDocument.Parse(ProductImage.Svg(p)).ToString())).ToList();
        Assert.Equal(360, pictures.Select(p => p.Svg).Distinct().Count());
        Assert.All(pictures, p => Assert.Contains("<svg", p.Svg, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_product_page_carries_the_sub_id_of_the_click_into_the_purchase()
    {
        using var client = app.Client(null);
        var page = await client.GetStringAsync("/shop/meadow/MD-01011?subid=click%2042");
        Assert.Contains("action=\"/shop/meadow/MD-01011/buy?subid=click%2042\"", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/shop/harbor/MD-01011")).StatusCode);
    }
}
