using System.Net;
using System.Text.Json;
using Dapper;
using Empire.Data;
using Empire.Http;
using Empire.Testing;
using Empire.Tests.Effects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Empire.Tests.Http;

/// <summary>A service that is read, over real HTTP and PostgreSQL.</summary>
public sealed class ReadSite : IAsyncLifetime
{
    private TestDatabase database = null!;

    internal TestSite Site { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync("shop", typeof(Letter).Assembly);
        Site = await TestSite.StartAsync(
            app =>
            {
                app.MapGet("/api/v1/shop/orders/{item}", ReadAsync);
                app.MapPost("/api/v1/shop/orders", () => "made");
                app.MapMethods("/api/v1/shop/both", ["GET", "HEAD"], (HttpContext context) => { context.Response.Headers["X-Method"] = context.Request.Method; });
            },
            builder => builder.AddDatabase("shop"), $"--ConnectionStrings:shop={database.ConnectionString}", "--LOG_LEVEL=CRITICAL");
    }

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        await database.DisposeAsync();
    }

    /// <summary>A GET with an effect, as a view that is counted.</summary>
    private static async Task<IResult> ReadAsync(string item, Caller caller, Database db, HttpResponse response, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        await work.ExecuteAsync("insert into orders (id, tenant_id, item) values (@id, @Tenant, @item)", new { id = Guid.CreateVersion7(), caller.Tenant, item }, ct);
        await work.CommitAsync(ct);
        response.Headers["X-Till"] = "3";
        return TypedResults.Ok(new { item });
    }

    internal async Task<int> OrdersAsync(string item)
    {
        await using var owner = await database.OpenAsOwnerAsync();
        return await owner.QuerySingleAsync<int>("select count(*)::int from orders where item = @item", new { item });
    }
}

public sealed class HeadTests(ReadSite read) : IClassFixture<ReadSite>
{
    [Theory]
    [InlineData("viewer")]
    [InlineData("owner")]
    public async Task It_answers_as_GET_would_without_the_body_and_changes_nothing(string role)
    {
        var client = read.Site.As(role);
        var item = $"{Guid.CreateVersion7():N}";
        using var head = await client.SendAsync(new(HttpMethod.Head, $"/api/v1/shop/orders/{item}"));
        Assert.Equal((HttpStatusCode.OK, 0, "application/json", "3"), (head.StatusCode, (await head.Content.ReadAsByteArrayAsync()).Length, head.Content.Headers.ContentType?.MediaType, head.Headers.GetValues("X-Till").Single()));
        Assert.Equal(0, await read.OrdersAsync(item));   // its work was done and undone
        using var get = await client.GetAsync(new Uri($"/api/v1/shop/orders/{item}", UriKind.Relative));
        Assert.Equal((HttpStatusCode.OK, $$"""{"item":"{{item}}"}"""), (get.StatusCode, await get.Content.ReadAsStringAsync()));
        Assert.Equal(1, await read.OrdersAsync(item));
    }

    [Fact]
    public async Task Who_tells_HEAD_from_GET_sees_which_it_was()
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Head, HttpMethod.Get])
        {
            using var answer = await read.Site.As().SendAsync(new(method, "/api/v1/shop/both"));
            Assert.Equal(method.Method, answer.Headers.GetValues("X-Method").Single());
        }
    }

    [Theory]
    [InlineData("HEAD", "/api/v1/shop/orders", 405, "POST")]
    [InlineData("POST", "/api/v1/shop/orders/5", 405, "GET, HEAD")]
    [InlineData("DELETE", "/api/v1/shop/both", 405, "GET, HEAD")]
    [InlineData("HEAD", "/api/v1/shop/nothing", 404, "")]
    public async Task Allow_says_what_is_taken(string method, string path, int status, string allow)
    {
        using var answer = await read.Site.As().SendAsync(new(new HttpMethod(method), path));
        Assert.Equal((status, allow), ((int)answer.StatusCode, string.Join(", ", answer.Content.Headers.Allow)));
    }

    [Fact]
    public async Task Without_a_caller_it_is_refused_as_GET_is()
    {
        using var answer = await read.Site.Anonymous().SendAsync(new(HttpMethod.Head, "/api/v1/shop/both"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task The_API_document_names_no_operation_for_it()
    {
        using var document = JsonDocument.Parse(await read.Site.Anonymous().GetStringAsync(new Uri("/internal/openapi/v1.json", UriKind.Relative)));
        Assert.Equal(["get"], document.RootElement.GetProperty("paths").GetProperty("/api/v1/shop/orders/{item}").EnumerateObject().Select(operation => operation.Name));
    }
}
