namespace Empire;

/// <summary>The account on whose behalf something happens. Every row, message, effect and log line belongs to one.</summary>
public readonly record struct TenantId(Guid Value)
{
    public static TenantId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    /// <exception cref="FormatException">Not a UUID, with or without the <c>ten_</c> prefix.</exception>
    public static TenantId Parse(string text) => new(PublicId.Parse("ten", text));

    public override string ToString() => PublicId.Format("ten", Value);
}
