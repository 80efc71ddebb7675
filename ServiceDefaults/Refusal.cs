namespace Empire;

/// <summary>An expected no: a rule of the business, not a fault.</summary>
/// <param name="Code">Stable, for machines, kebab-case: <c>refund-too-late</c>. It is also the problem's type, <c>urn:empire:refund-too-late</c>.</param>
/// <param name="Detail">For people: what is wrong and what would be right.</param>
public sealed record Refusal(string Code, string Detail);
