using System.Diagnostics;
using Empire.Messaging;
using Empire.Shop;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Tests.Messaging;

/// <summary>From a committed work to a handled event, through the real broker.</summary>
public sealed class DeliveryTests : IAsyncLifetime
{
    private ShopFixture shop = null!;

    public async ValueTask InitializeAsync() => shop = await ShopFixture.OpenAsync();
    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Fact]
    public async Task A_committed_event_reaches_its_handler_and_what_that_publishes_reaches_the_next()
    {
        await shop.StartAsync();
        var notes = await shop.WriteAsync(3);
        await shop.HandledOnceAsync(notes, "shop.note-written");
        await shop.HandledOnceAsync(notes, "shop.note-filed");
        await Eventually.EqualAsync(0L, () => shop.CountAsync("kernel.outbox"));
    }

    [Fact]
    public async Task An_event_of_a_work_that_rolls_back_is_never_published()
    {
        await shop.StartAsync();
        await using (var work = await shop.Database.BeginAsync(shop.Tenant, default))
            work.Publish(new NoteWritten { NoteId = Guid.CreateVersion7(), Text = "never" });
        var committed = await shop.WriteAsync(1);
        await shop.HandledOnceAsync(committed);
    }

    [Fact]
    public async Task A_repeated_delivery_changes_nothing()
    {
        var app = await shop.StartAsync();
        var note = Guid.CreateVersion7();
        var stored = OutgoingEvent.From(new NoteWritten { NoteId = note, Text = "again" }, shop.Tenant, TimeProvider.System.GetUtcNow());
        var publisher = app.Services.GetRequiredService<EventPublisher>();
        await publisher.PublishAsync([stored, stored, stored], default); // within one batch
        await shop.HandledOnceAsync([note]);
        await publisher.PublishAsync([stored], default);                 // and after it
        var last = await shop.WriteAsync(1);
        await shop.HandledOnceAsync([note, .. last]);
        Assert.Equal(1, shop.Behaviour.Tries[note]);
    }

    [Fact]
    public async Task Each_message_of_a_batch_is_handled_as_its_own_tenant()
    {
        var tenants = Enumerable.Range(0, 5).Select(_ => new TenantId(Guid.CreateVersion7())).ToArray();
        var owners = new Dictionary<Guid, Guid>();
        for (var round = 0; round < 4; round++)
            foreach (var tenant in tenants)
                owners[(await shop.WriteAsync(1, tenant))[0]] = tenant.Value;
        await shop.StartAsync(); // all of them wait already
        await shop.HandledOnceAsync(owners.Keys);
        await shop.HandledOnceAsync(owners.Keys, "shop.note-filed");
        Assert.All(await shop.HandledAsync("shop.note-filed"), row => Assert.Equal(owners[row.NoteId], row.TenantId));
    }

    [Fact]
    public async Task One_failing_message_leaves_the_rest_of_its_batch_alone_and_succeeds_later()
    {
        var notes = await shop.WriteAsync(30);
        shop.Behaviour.Failing[notes[7]] = 2;
        await shop.StartAsync();
        await shop.HandledOnceAsync(notes);
        await shop.HandledOnceAsync(notes, "shop.note-filed"); // what the failed attempts published is gone with them
    }

    [Fact]
    public async Task The_trace_and_the_actor_cross_the_bus()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Empire.Messaging" or "test",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        await shop.StartAsync();
        Guid[] notes;
        string trace;
        using (var activity = source.StartActivity("request")!)
        {
            trace = activity.TraceId.ToString();
            Actor.Is("user:ada");
            notes = await shop.WriteAsync(1);
        }
        await shop.HandledOnceAsync(notes, "shop.note-filed"); // two hops
        var handled = await shop.HandledAsync("shop.note-filed");
        Assert.Equal((trace, "user:ada"), (handled[0].TraceId, handled[0].Actor));
    }

    [Fact]
    public async Task Two_replicas_share_the_work_without_loss_or_repeat()
    {
        await shop.StartAsync();
        await shop.StartAsync();
        var writers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => shop.WriteAsync(50)));
        var notes = writers.SelectMany(own => own).ToArray();
        await shop.HandledOnceAsync(notes);
        await shop.HandledOnceAsync(notes, "shop.note-filed");
        Assert.All(notes, note => Assert.Equal(1, shop.Behaviour.Tries[note]));
    }

    [Fact]
    public async Task A_replica_that_stops_in_the_middle_hands_the_rest_over()
    {
        var notes = await shop.WriteAsync(150);
        var first = await shop.StartAsync();
        await Eventually.TrueAsync(async () => (await shop.HandledAsync("shop.note-written")).Count > 0);
        await first.StopAsync();
        await shop.StartAsync();
        await shop.HandledOnceAsync(notes);
        await shop.HandledOnceAsync(notes, "shop.note-filed");
        Assert.Equal(0, await shop.CountAsync("kernel.message_failures"));
    }

    [Fact]
    public async Task A_process_that_cannot_dispatch_wakes_one_that_can()
    {
        await shop.StartAsync(settings: ("Messaging:PollEvery", "00:10:00")); // without the notification it would take ten minutes
        await using var elsewhere = shop.Test.ConnectElsewhere(TimeProvider.System); // no dispatcher in "this process"
        var notes = await shop.WriteAsync(1, from: elsewhere);
        await shop.HandledOnceAsync(notes);
    }

    [Fact]
    public async Task An_event_nobody_handles_leaves_the_outbox()
    {
        await shop.StartAsync();
        await using (var work = await shop.Database.BeginAsync(shop.Tenant, default))
        {
            work.Publish(new NoteForgotten { NoteId = Guid.CreateVersion7() });
            await work.CommitAsync(default);
        }
        await Eventually.EqualAsync(0L, () => shop.CountAsync("kernel.outbox"));
    }

    [Fact]
    public async Task Old_message_ids_are_swept_and_recent_ones_are_kept()
    {
        var clock = new TestClock();
        var app = await shop.StartAsync(clock: clock);
        await shop.HandledOnceAsync(await shop.WriteAsync(2), "shop.note-filed");
        clock.Advance(TimeSpan.FromDays(13));
        Assert.Equal(4, await shop.CountAsync("kernel.inbox"));
        clock.Advance(TimeSpan.FromDays(2));
        await Eventually.EqualAsync(0L, () => shop.CountAsync("kernel.inbox"));
        Assert.NotNull(app);
    }
}
