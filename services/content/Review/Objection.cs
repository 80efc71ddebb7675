namespace Empire.Content.Review;

/// <summary>Why a reply is not good enough.</summary>
/// <param name="Rule">Stable, for machines and reports: <c>schema</c>, <c>false-urgency</c>.</param>
/// <param name="Detail">For the model that mends it, and for people.</param>
public sealed record Objection(string Rule, string Detail)
{
    public override string ToString() => $"{Rule}: {Detail}";
}
