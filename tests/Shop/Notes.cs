using System.Collections.Concurrent;
using System.Diagnostics;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Shop;

/// <summary>A note was written. Published by these tests.</summary>
public sealed record NoteWritten
{
    public required Guid NoteId { get; init; }
    public required string Text { get; init; }
}

/// <summary>A written note was filed. Published by <see cref="FileNote"/>.</summary>
public sealed record NoteFiled
{
    public required Guid NoteId { get; init; }
}

/// <summary>An event that nobody in these tests handles.</summary>
public sealed record NoteForgotten
{
    public required Guid NoteId { get; init; }
}

/// <summary>What a test tells the handlers to do.</summary>
public sealed class Behaviour
{
    /// <summary>Notes whose handling throws, and how many more times.</summary>
    public ConcurrentDictionary<Guid, int> Failing { get; } = new();

    /// <summary>How often each note was tried, successful or not.</summary>
    public ConcurrentDictionary<Guid, int> Tries { get; } = new();

    public void Try(Guid note)
    {
        Tries.AddOrUpdate(note, 1, (_, tries) => tries + 1);
        if (!Failing.TryGetValue(note, out var left) || left == 0) return;
        Failing[note] = left - 1;
        throw new InvalidOperationException("The note is unreadable.");
    }
}

[Queue("shop.note-written")]
public sealed class FileNote(Behaviour behaviour) : IHandle<NoteWritten>
{
    public async Task HandleAsync(NoteWritten fact, Work work, CancellationToken ct)
    {
        await Handled.AddAsync(work, fact.NoteId, "shop.note-written", ct);
        work.Publish(new NoteFiled { NoteId = fact.NoteId });
        behaviour.Try(fact.NoteId); // after the writes: they must go with it
    }
}

[Queue("shop.note-filed")]
public sealed class CountNote : IHandle<NoteFiled>
{
    public Task HandleAsync(NoteFiled fact, Work work, CancellationToken ct) => Handled.AddAsync(work, fact.NoteId, "shop.note-filed", ct);
}

/// <summary>What a handler left behind; one row per time it ran and committed.</summary>
public sealed record Handled(Guid TenantId, Guid NoteId, string Queue, string? TraceId, string? Actor)
{
    public static Task AddAsync(Work work, Guid note, string queue, CancellationToken ct) =>
        work.ExecuteAsync(
            "insert into handled (tenant_id, note_id, queue, trace_id, actor) values (@tenant, @note, @queue, @trace, @actor)",
            new { tenant = work.Tenant, note, queue, trace = Activity.Current?.TraceId.ToString(), actor = Empire.Actor.Current }, ct);
}
