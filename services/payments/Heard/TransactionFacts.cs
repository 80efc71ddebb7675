namespace Empire.Payments.Heard;

/// <summary>A person says that the debtor of a transaction stands by it. Kept in the raw log; moves no money.</summary>
/// <param name="TransactionId">The entry it is about.</param>
internal sealed record TransactionConfirmed(Guid TransactionId, DateTimeOffset OccurredAt);

/// <summary>A person says that a transaction's money came to the bank; for one that took back, that it left it. All that the entry needs stands here, so that it can be made anew of this alone.</summary>
/// <param name="TransactionId">The entry it is about.</param>
/// <param name="Account">What was owed by: <c>receivable:meadow</c>.</param>
/// <param name="Micros">To the bank; negative from it.</param>
internal sealed record TransactionPaid(
    Guid TransactionId, string Account, long Micros, string Currency, Guid? PieceId, Guid? PublicationId, Guid? ProductId, string? Niche, string? Platform, string? PromptVersion, bool Test,
    DateTimeOffset OccurredAt);
