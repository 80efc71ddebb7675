using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>Everything that the emulated Stripe knows.</summary>
public sealed class StripeStore(Journal journal, TimeProvider clock) : DocumentStore("stripe", journal, clock);
