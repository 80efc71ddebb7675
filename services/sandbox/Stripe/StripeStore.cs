using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>Everything that the emulated Stripe knows. Never quite empty: see <see cref="ExamplePrices"/>.</summary>
public sealed class StripeStore : DocumentStore
{
    readonly TimeProvider clock;

    public StripeStore(Journal journal, TimeProvider clock) : base("stripe", journal, clock)
    {
        this.clock = clock;
        Stock();
    }

    public override void Clear()
    {
        base.Clear();
        Stock();
    }

    void Stock() => Change(work =>
    {
        var now = clock.GetUtcNow();
        ExamplePrices.Stock(new(work, now, now, new("", HasTarget: false, "")));
        return true;
    });
}
