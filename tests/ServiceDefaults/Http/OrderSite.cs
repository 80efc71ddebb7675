using System.Net.Http.Json;
using Dapper;
using Empire.Data;
using Empire.Http;
using Empire.Testing;
using Empire.Tests.Effects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Empire.Tests.Http;

/// <summary>An endpoint that takes orders under an idempotency key, in two replicas on one database.</summary>
public sealed class OrderSite : IAsyncLifetime
{
    public sealed record Order(string Item);
    public sealed record Receipt(Guid OrderId, string Item);

    private readonly TaskCompletionSource gate = new();

    internal TestClock Clock { get; } = new();
    internal TestDatabase Test { get; private set; } = null!;
    internal TestSite One { get; private set; } = null!;
    internal TestSite Two { get; private set; } = null!;

    /// <summary>Orders for "slow" wait for it.</summary>
    internal void OpenGate() => gate.TrySetResult();

    public async ValueTask InitializeAsync()
    {
        Test = await TestDatabase.CreateAsync("shop", typeof(Letter).Assembly);
        One = await StartAsync();
        Two = await StartAsync();
    }

    internal static Task<HttpResponseMessage> PostAsync(HttpClient client, string key, object order, string path = "/orders")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(order) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return client.SendAsync(request);
    }

    internal async Task<int> OrdersAsync(string item)
    {
        await using var owner = await Test.OpenAsOwnerAsync();
        return await owner.QuerySingleAsync<int>("select count(*)::int from orders where item = @item", new { item });
    }

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Two.DisposeAsync();
        await Test.DisposeAsync();
    }

    private Task<TestSite> StartAsync() => TestSite.StartAsync(
        app =>
        {
            app.MapPost("/orders", OrderAsync).WithIdempotencyKey();
            app.MapPost("/other-orders", OrderAsync).WithIdempotencyKey();
        },
        builder =>
        {
            builder.AddDatabase("shop");
            builder.Services.Replace(Microsoft.Extensions.DependencyInjection.ServiceDescriptor.Singleton<TimeProvider>(Clock));
        },
        $"--ConnectionStrings:shop={Test.ConnectionString}", "--LOG_LEVEL=CRITICAL");

    private async Task<IResult> OrderAsync(Order order, Caller caller, Database db, HttpContext context, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var earlier = await work.QuerySingleAsync<long>("select count(*) from orders where item = @Item", order, ct);
        var id = Guid.CreateVersion7();
        await work.ExecuteAsync("insert into orders (id, tenant_id, item) values (@id, @Tenant, @Item)", new { id, caller.Tenant, order.Item }, ct);
        await work.CommitAsync(ct);
        if (order.Item == "slow") await gate.Task;
        if (order.Item == "fails-first" && earlier == 0) throw new InvalidOperationException("out of order forms");
        if (order.Item == "closed-first" && earlier == 0) return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        if (order.Item == "unknown") return TypedResults.NotFound();
        context.Response.Headers["X-Till"] = "3";
        return TypedResults.Created($"/orders/{id}", new Receipt(id, order.Item));
    }
}
