namespace Empire.Sandbox.Networks;

public enum ConversionStatus { Approved, Reversed }

/// <summary>A sale that a network attributes to a publisher.</summary>
/// <param name="SubId">What the click carried in the query <c>subid</c>; null for a visitor who came without.</param>
/// <param name="Sequence">Position in the network's report; a reversal moves the conversion to the end again.</param>
/// <param name="IdempotencyKey">Of the purchase; null when the shop was given none.</param>
public sealed record Conversion(
    string ConversionId, string Network, string? SubId, string ProductId, decimal SaleAmount, decimal Commission, string Currency,
    ConversionStatus Status, DateTimeOffset OccurredAt, DateTimeOffset UpdatedAt, long Sequence, string? IdempotencyKey);

/// <summary>Every conversion of both networks. Survives a kill through the journal; what it tells, it has written down.</summary>
public sealed class Conversions
{
    const string Entry = "conversion";
    readonly Lock gate = new();
    readonly Dictionary<string, Conversion> conversions = [];
    readonly Journal journal;
    readonly Postbacks postbacks;
    readonly TimeProvider clock;
    long sequence;

    public Conversions(Journal journal, Postbacks postbacks, TimeProvider clock)
    {
        (this.journal, this.postbacks, this.clock) = (journal, postbacks, clock);
        foreach (var conversion in journal.Read<Conversion>(Entry)) conversions[conversion.ConversionId] = conversion;
        sequence = conversions.Values.Select(c => c.Sequence).DefaultIfEmpty().Max();
        postbacks.Resume(conversions.Values);
    }

    /// <summary>Records the sale and hands its postback to the sender.</summary>
    /// <param name="idempotencyKey">A repeat with the same key is the same sale and returns the first conversion.</param>
    public Conversion Buy(Product product, string? subId, string? idempotencyKey)
    {
        lock (gate)
        {
            if (idempotencyKey is not null && conversions.Values.FirstOrDefault(c => c.IdempotencyKey == idempotencyKey && c.ProductId == product.Id) is { } first) return first;
            var now = clock.GetUtcNow();
            return Save(new($"{product.Network.Name[0]}c_{Guid.CreateVersion7(now):N}", product.Network.Name, subId, product.Id,
                product.Price, product.Commission, Product.Currency, ConversionStatus.Approved, now, now, ++sequence, idempotencyKey));
        }
    }

    public Conversion Reverse(Conversion conversion)
    {
        lock (gate) return Save(conversions[conversion.ConversionId] with { Status = ConversionStatus.Reversed, UpdatedAt = clock.GetUtcNow(), Sequence = ++sequence });
    }

    public Conversion? Find(string id)
    {
        lock (gate) return conversions.GetValueOrDefault(id);
    }

    /// <summary>In the order of their last change.</summary>
    public IReadOnlyList<Conversion> All
    {
        get { lock (gate) return [.. conversions.Values.OrderBy(c => c.Sequence)]; }
    }

    public void Clear()
    {
        lock (gate) conversions.Clear();
    }

    Conversion Save(Conversion conversion)
    {
        journal.Append(Entry, conversion);
        conversions[conversion.ConversionId] = conversion;
        postbacks.Announce(conversion);
        return conversion;
    }
}
