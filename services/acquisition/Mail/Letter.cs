namespace Empire.Acquisition.Mail;

/// <summary>A mail that an event asks for.</summary>
/// <param name="Key">Made of the event's own identity: asked twice, it is sent once.</param>
/// <param name="AskedFor">A person waits for it: it is tried even where an earlier one bounced.</param>
/// <param name="OccurredAt">Of the event.</param>
public sealed record Letter(string Template, string Key, string Recipient, bool AskedFor, DateTimeOffset OccurredAt, DateTimeOffset? ExpiresAt = null)
{
    public Dictionary<string, string> Values { get; init; } = [];
    public Dictionary<string, SealedValue> Secrets { get; init; } = [];

    /// <summary>Adds what is there; a template leaves out the section of what is not.</summary>
    public Letter With(string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value)) Values[name] = value;
        return this;
    }

    public Letter WithSecret(string name, string purpose, string? sealedText)
    {
        if (sealedText is not null) Secrets[name] = new(purpose, sealedText);
        return this;
    }

    /// <summary>The key of something that may happen again: what, to whom, when.</summary>
    public static string KeyOf(string template, Guid subject, DateTimeOffset occurredAt) => $"{template}:{subject:N}:{occurredAt.UtcTicks}";
}
