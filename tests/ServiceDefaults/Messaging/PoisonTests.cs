using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Empire.Messaging;
using Empire.Shop;
using Empire.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace Empire.Tests.Messaging;

/// <summary>A message no attempt can handle: out of the way, named, and back on command.</summary>
public sealed class PoisonTests : IAsyncLifetime
{
    private const string Queue = "shop.note-written";

    private ShopFixture shop = null!;
    private WebApplication app = null!;
    private ErrorQueues Errors => app.Services.GetRequiredService<ErrorQueues>();

    public async ValueTask InitializeAsync()
    {
        shop = await ShopFixture.OpenAsync();
        app = await shop.StartAsync();
    }

    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Fact]
    public async Task After_its_last_attempt_it_lies_in_the_error_queue_with_the_reason()
    {
        var poison = await PoisonAsync();
        Assert.Equal(3, shop.Behaviour.Tries[poison]); // the first and two retries
        await using var work = await shop.Database.BeginAsync(shop.Tenant, default);
        var failure = Assert.Single(await FailureTable.LatestAsync(work, Queue, 10, default));
        Assert.Equal(("NoteWritten", "InvalidOperationException: The note is unreadable."), (failure.Event, failure.Reason));
        Assert.Empty(await shop.HandledAsync(Queue));
    }

    [Fact]
    public async Task Another_tenant_does_not_see_the_reason()
    {
        await PoisonAsync();
        await using var work = await shop.Database.BeginAsync(new TenantId(Guid.CreateVersion7()), default);
        Assert.Empty(await FailureTable.LatestAsync(work, Queue, 10, default));
    }

    [Fact]
    public async Task The_queue_goes_on_behind_it()
    {
        await PoisonAsync();
        await shop.HandledOnceAsync(await shop.WriteAsync(5));
    }

    [Fact]
    public async Task Redriven_after_the_cause_is_gone_it_is_handled_once()
    {
        var poison = await PoisonAsync();
        shop.Behaviour.Failing.Clear();
        Assert.Equal(1, await Errors.RedriveAsync(Queue, default));
        await shop.HandledOnceAsync([poison]);
        Assert.Equal(0u, (await Errors.CountAsync(default))[Queue]);
        Assert.Equal(0, await shop.CountAsync("kernel.message_failures"));
    }

    [Fact]
    public async Task Redriven_too_early_it_comes_back()
    {
        await PoisonAsync();
        Assert.Equal(1, await Errors.RedriveAsync(Queue, default));
        await Eventually.EqualAsync(1u, async () => (await Errors.CountAsync(default))[Queue]);
        Assert.Equal(0, await Errors.RedriveAsync("shop.note-filed", default)); // an empty error queue
    }

    [Theory]
    [InlineData("{ this is not JSON", "NoteWritten", true)]
    [InlineData("""{"noteId":"0198c0de-0000-7000-8000-000000000001"}""", "NoteWritten", true)]                   // a required member is missing
    [InlineData("""{"noteId":"0198c0de-0000-7000-8000-000000000001","text":"whose?"}""", "NoteWritten", false)] // no tenant
    [InlineData("""{"noteId":"0198c0de-0000-7000-8000-000000000001","text":"what?"}""", "NoteErased", true)]    // a type that nobody here handles
    public async Task A_message_that_is_none_goes_there_at_once(string body, string type, bool withTenant)
    {
        var names = app.Services.GetRequiredService<MessagingNames>();
        await using (var connection = await TestBroker.ConnectAsync())
        await using (var channel = await connection.CreateChannelAsync())
        {
            var headers = new Dictionary<string, object?> { ["MT-MessageType"] = $"urn:message:Empire.Shop:{type}" };
            if (withTenant) headers[MessagingNames.TenantHeader] = shop.Tenant.Value.ToString();
            var properties = new BasicProperties { MessageId = Guid.CreateVersion7().ToString(), ContentType = "application/json", Headers = headers };
            await channel.BasicPublishAsync("", names.Queue(Queue), mandatory: true, properties, Encoding.UTF8.GetBytes(body));
        }
        await Eventually.EqualAsync(1u, async () => (await Errors.CountAsync(default))[Queue]);
        await shop.HandledOnceAsync(await shop.WriteAsync(1));
        Assert.Equal(1u, (await Errors.CountAsync(default))[Queue]); // once: it does not come round again
    }

    [Fact]
    public async Task Every_queue_is_a_quorum_queue_also_the_error_queue()
    {
        await PoisonAsync();
        var names = app.Services.GetRequiredService<MessagingNames>();
        await using var connection = await TestBroker.ConnectAsync();
        foreach (var queue in (string[])[names.Queue(Queue), names.ErrorQueue(Queue)])
        {
            await using var channel = await connection.CreateChannelAsync();
            // The broker refuses to declare a queue that exists with another type.
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        }
    }

    [Fact]
    public async Task An_operator_lists_it_and_redrives_it_over_http()
    {
        var poison = await PoisonAsync();
        using var operatorClient = shop.ClientOf(app, shop.Tenant, "admin", isOperator: true);
        var list = await operatorClient.GetFromJsonAsync<JsonElement>("/api/v1/shop/messaging/errors");
        var queue = list.GetProperty("data").EnumerateArray().Single(entry => entry.GetProperty("queue").GetString() == Queue);
        Assert.Equal(1, queue.GetProperty("messages").GetInt32());
        Assert.Equal(poison, shop.Behaviour.Failing.Keys.Single());
        Assert.Equal("NoteWritten", queue.GetProperty("latest")[0].GetProperty("event").GetString());

        shop.Behaviour.Failing.Clear();
        using var redriven = await operatorClient.PostAsync($"/api/v1/shop/messaging/errors/{Queue}/redrive", null);
        Assert.Equal(1, (await redriven.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("messages").GetInt32());
        await shop.HandledOnceAsync([poison]);

        using var unknown = await operatorClient.PostAsync("/api/v1/shop/messaging/errors/shop.no-such-queue/redrive", null);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task The_owner_of_one_account_does_not_redrive_the_messages_of_all()
    {
        using var client = shop.ClientOf(app, shop.Tenant, "owner");
        using var answer = await client.PostAsync($"/api/v1/shop/messaging/errors/{Queue}/redrive", null);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("member")]
    [InlineData("viewer")]
    public async Task Others_may_not(string role)
    {
        using var client = shop.ClientOf(app, shop.Tenant, role);
        using var answer = await client.GetAsync("/api/v1/shop/messaging/errors");
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private async Task<Guid> PoisonAsync()
    {
        var poison = Guid.CreateVersion7();
        shop.Behaviour.Failing[poison] = int.MaxValue;
        await using (var work = await shop.Database.BeginAsync(shop.Tenant, default))
        {
            work.Publish(new NoteWritten { NoteId = poison, Text = "x" });
            await work.CommitAsync(default);
        }
        await Eventually.EqualAsync(1u, async () => (await Errors.CountAsync(default))[Queue]);
        return poison;
    }
}
