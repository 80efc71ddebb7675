namespace Empire.Effects;

/// <summary>An irreversible act in the outside world, decided but not yet done.</summary>
/// <param name="Key">Unique per tenant and intent type, and the same whenever the same act is decided again: <c>pub_…</c>. It is given to the provider as its
/// idempotency key where it has one, and planning twice under one key plans once.</param>
/// <param name="Intent">Everything the act needs; stored as JSON.</param>
/// <param name="DueAt">Not before; null is now.</param>
/// <param name="Quotas">Tokens taken in the same transaction, so that no cap is ever exceeded.</param>
public sealed record EffectPlan<TIntent>(string Key, TIntent Intent, DateTimeOffset? DueAt = null, IReadOnlyList<QuotaToken>? Quotas = null) where TIntent : class;

/// <summary>A share of a cap for one window.</summary>
/// <param name="Name">What is capped: <c>x-posts:account-1</c>.</param>
/// <param name="Window">Which window: <c>2026-11-20</c>.</param>
/// <param name="Amount">How much this act takes; positive.</param>
/// <param name="Cap">How much the window holds.</param>
/// <param name="Shared">Of all tenants together, where what is capped is one thing that they share; otherwise each tenant has the cap to itself.</param>
public sealed record QuotaToken(string Name, string Window, long Amount, long Cap, bool Shared = false);
