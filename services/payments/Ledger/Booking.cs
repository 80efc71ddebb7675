using System.Collections.Immutable;

namespace Empire.Payments.Ledger;

/// <summary>One entry of the books: a fact about money, told in debits and credits. Made of the fact alone, so that the same fact gives the same entry however often and in
/// whatever order it is heard, and the books can be made anew from the facts.</summary>
/// <param name="Cause">What is booked, unique within the tenant for ever: <c>stripe:charge:ch_1:captured</c>, <c>cost:{id}</c>. Booked twice, it stands once.</param>
/// <param name="OccurredAt">When it happened by whoever tells of it; never when we heard.</param>
/// <param name="Description">For people, in one line, naming no person.</param>
/// <param name="Test">Made against the sandbox, or with a provider's test key.</param>
/// <param name="Lines">Two or more; they sum to zero in each currency.</param>
public sealed record Booking(string Cause, DateTimeOffset OccurredAt, string Description, bool Test, Lineage Lineage, ImmutableArray<BookingLine> Lines);

/// <param name="Account">As in <see cref="Accounts"/>.</param>
/// <param name="Amount">Positive: debit. Negative: credit. Never zero.</param>
public sealed record BookingLine(string Account, Money Amount);

/// <summary>Where on the chain from prompt to payout an entry hangs; what is unknown is null.</summary>
public sealed record Lineage
{
    public static readonly Lineage None = new();

    public Guid? PieceId { get; init; }
    public Guid? PublicationId { get; init; }
    public Guid? ProductId { get; init; }
    public string? Niche { get; init; }
    public string? Platform { get; init; }
    public string? PromptVersion { get; init; }
    public Guid? CustomerId { get; init; }
    public Guid? PaymentId { get; init; }
}
