using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>Everything that the emulated Stripe knows. Never quite empty: see <see cref="ExamplePrices"/>.</summary>
public sealed class StripeStore : DocumentStore
{
    readonly TimeProvider clock;
    readonly StripeSettlement settlement;

    public StripeStore(Journal journal, TimeProvider clock, StripeSettlement settlement) : base("stripe", journal, clock)
    {
        (this.clock, this.settlement) = (clock, settlement);
        Stock();
    }

    public override void Clear()
    {
        base.Clear();
        settlement.Reset();
        Stock();
    }

    void Stock() => Change(work =>
    {
        var now = clock.GetUtcNow();
        ExamplePrices.Stock(new(work, now, now, new("", HasTarget: false, "", settlement)));
        return true;
    });
}
