using System.Text.Json;
using Empire.Content.Llm;
using Empire.Content.Prompts;
using Empire.Content.Review;
using Empire.Contracts;

namespace Empire.Content.Pieces;

/// <summary>A piece of content: requested, then held by one worker at a time while it is generated, then generated or failed for good.</summary>
public sealed class Piece
{
    public const string Requested = "requested", Generating = "generating", GeneratedState = "generated", FailedState = "failed";

    public PieceId Id { get; private init; }
    public TenantId TenantId { get; private init; }
    public string RequestKey { get; private init; } = "";
    public Guid? BatchId { get; private init; }
    public string Kind { get; private init; } = "";
    public string Platform { get; private init; } = "";
    public string? Niche { get; private init; }
    public Guid? ProductId { get; private init; }

    /// <summary>JSON of <see cref="ProductSnapshot"/>.</summary>
    public string? Product { get; private init; }

    /// <summary>JSON of the brief.</summary>
    public string Brief { get; private init; } = "";

    public int PromptVersion { get; private init; }
    public string State { get; private set; } = "";
    public DateTimeOffset DueAt { get; private set; }
    public DateTimeOffset? LeaseUntil { get; private set; }

    /// <summary>Counts how often the piece was taken to be generated. Whoever holds an older number has lost it.</summary>
    public int Claim { get; private set; }

    /// <summary>How often the worker that held it fell silent. A worker that hands it back, for want of budget or because its process stops, does not count.</summary>
    public int Abandoned { get; private set; }

    public string? Model { get; private set; }
    public string? Title { get; private set; }
    public string? Document { get; private set; }
    public string? Failure { get; private set; }
    public long CostMicros { get; private set; }
    public bool Test { get; private set; }
    public DateTimeOffset RequestedAt { get; private init; }
    public DateTimeOffset? FinishedAt { get; private set; }

    public string PromptName => Prompt.NameOf(Kind, PromptVersion);
    public Money Cost => new(CostMicros, Currency.Usd);
    public bool IsFinished => State is GeneratedState or FailedState;
    public Brief Told => new(Brief, ProductId);

    /// <param name="requestKey">The same whenever the same piece is wanted again; the tenant has at most one piece for it.</param>
    public static Piece Request(
        TenantId tenant, string requestKey, Guid? batchId, PieceKind kind, ProductSnapshot? product, Brief brief, int promptVersion, DateTimeOffset now) => new()
        {
            Id = PieceId.New(now),
            TenantId = tenant,
            RequestKey = requestKey,
            BatchId = batchId,
            Kind = kind.Name,
            Platform = kind.Platform,
            Niche = product?.Niche ?? brief.Niche,
            ProductId = product?.Id,
            Product = product is null ? null : JsonSerializer.Serialize(product, PieceJson.Options),
            Brief = brief.Json,
            PromptVersion = promptVersion,
            State = Requested,
            DueAt = now,
            RequestedAt = now,
        };

    /// <summary>One worker takes it, if need be from one that fell silent; until <paramref name="leaseUntil"/> nobody else will.</summary>
    public void Take(DateTimeOffset leaseUntil)
    {
        if (IsFinished) throw new InvalidOperationException($"{Id} is {State}.");
        if (State == Generating) Abandoned++;
        (State, LeaseUntil) = (Generating, leaseUntil);
        Claim++;
    }

    /// <summary>True while the worker that took it as <paramref name="claim"/> may go on with it.</summary>
    public bool IsHeldBy(int claim) => State == Generating && Claim == claim;

    public void ExtendLease(DateTimeOffset until) => LeaseUntil = until;

    /// <summary>A call for it was paid, whatever came of the call.</summary>
    public void AddCost(long micros) => CostMicros += micros;

    /// <summary>Nobody holds it any more; it may be taken again from <paramref name="dueAt"/> on.</summary>
    public void PutBack(DateTimeOffset dueAt) => (State, LeaseUntil, DueAt) = (Requested, null, dueAt);

    public PieceGenerated Complete(Draft draft, Model model, DateTimeOffset now)
    {
        Finish(GeneratedState, now);
        (Title, Document, Model, Test) = (draft.Title, draft.Document.GetRawText(), model.Id, model.Provider.Sandbox);
        return new()
        {
            TenantId = TenantId.Value,
            PieceId = Id.Value,
            BatchId = BatchId,
            Kind = Kind,
            Title = draft.Title,
            ProductId = ProductId,
            Niche = Niche,
            Platform = Platform,
            PromptVersion = PromptName,
            Test = Test,
            OccurredAt = now,
        };
    }

    /// <param name="reason">For people: what was tried and why it was not good enough.</param>
    public PieceFailed Fail(string reason, DateTimeOffset now)
    {
        Finish(FailedState, now);
        Failure = reason;
        return new() { TenantId = TenantId.Value, PieceId = Id.Value, BatchId = BatchId, Kind = Kind, Reason = reason, OccurredAt = now };
    }

    private void Finish(string state, DateTimeOffset now)
    {
        if (IsFinished) throw new InvalidOperationException($"{Id} is {State} already.");
        (State, LeaseUntil, FinishedAt) = (state, null, now);
    }
}
