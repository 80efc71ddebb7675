using Empire.Payments.Ledger;

namespace Empire.Payments.Facts;

/// <summary>What was agreed of a payment before any money moved, and never changes: with a fact it makes an entry of the books.</summary>
/// <param name="Asked">What the payer owes.</param>
/// <param name="PlatformFee">Of a sale for a seller: what the platform keeps. Zero where nobody else sells.</param>
/// <param name="ForSeller">The rest belongs to a seller's account.</param>
/// <param name="Test">It was decided under a provider's test key, or against the sandbox: so are all entries of its money, whenever they are made.</param>
public sealed record Terms(Guid PaymentId, string Purpose, Money Asked, Money PlatformFee, bool ForSeller, Lineage Lineage, bool Test)
{
    /// <summary>The revenue account of what was bought.</summary>
    public string Revenue => Accounts.Revenue(Purpose == "sale" ? "sales" : "subscription");
}
