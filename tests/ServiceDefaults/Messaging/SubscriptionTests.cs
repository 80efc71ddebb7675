using System.Text;
using Empire.Messaging;
using Empire.Shop;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Tests.Messaging;

/// <summary>An event waits for a reader that has never run.</summary>
public sealed class SubscriptionTests : IAsyncLifetime
{
    private ShopFixture shop = null!;

    public async ValueTask InitializeAsync() => shop = await ShopFixture.OpenAsync();
    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Fact]
    public async Task An_event_waits_in_the_queue_of_a_service_that_was_never_started()
    {
        var app = await shop.StartAsync();
        var notes = await shop.WriteAsync(3);
        await shop.HandledOnceAsync(notes);
        var queue = app.Services.GetRequiredService<MessagingNames>().Queue("archive.note-written");
        await using var connection = await TestBroker.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        List<string> waiting = [];
        while (await channel.BasicGetAsync(queue, autoAck: true) is { } message) waiting.Add(Encoding.UTF8.GetString(message.Body.Span));
        Assert.All(notes, note => Assert.Contains(waiting, body => body.Contains(note.ToString(), StringComparison.Ordinal)));
        Assert.Equal(3, waiting.Count);
    }

    [Fact]
    public async Task A_queue_that_a_publisher_declared_is_the_one_its_reader_wants()
    {
        var app = await shop.StartAsync(); // as MassTransit declares it
        var subscribers = app.Services.GetRequiredService<Subscribers>();
        await subscribers.EnsureAsync(typeof(NoteWritten).FullName!, default); // a difference in any argument would be refused by the broker
        await subscribers.EnsureAsync(typeof(NoteFiled).FullName!, default);
        await shop.HandledOnceAsync(await shop.WriteAsync(1));
    }

    [Fact]
    public void Handlers_and_table_that_disagree_are_told_by_name()
    {
        var map = HandlerMap.From(typeof(ShopService).Assembly);
        var wrong = new Dictionary<string, IReadOnlyList<Type>> { ["shop.note-written"] = [typeof(NoteFiled)], ["shop.nobody"] = [typeof(NoteFiled)], ["archive.any"] = [typeof(NoteFiled)] };
        var told = Assert.Throws<InvalidOperationException>(() => new SubscriptionTable(wrong, map)).Message;
        Assert.Contains("'shop.note-written' with NoteWritten", told, StringComparison.Ordinal);
        Assert.Contains("'shop.note-filed' with NoteFiled", told, StringComparison.Ordinal);
        Assert.Contains("nobody reads 'shop.nobody'", told, StringComparison.Ordinal);
        Assert.DoesNotContain("archive", told, StringComparison.Ordinal);
    }
}
