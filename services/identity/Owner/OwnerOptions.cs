using System.ComponentModel.DataAnnotations;

namespace Empire.Identity.Owner;

/// <summary>Section "Empire:Owner": the first person of this installation.</summary>
public sealed class OwnerOptions : IValidatableObject
{
    public const string DefaultTimeZone = "America/New_York";

    [Required, EmailAddress] public string Email { get; init; } = "";

    [Required, MinLength(12)] public string Password { get; init; } = "";

    /// <summary>The owner's first key; adding another here adds it, and the old one stays until it is revoked.</summary>
    [Required, RegularExpression("^gopt_[A-Za-z0-9]{24}$")] public string ApiKey { get; init; } = "";

    public string TenantName { get; init; } = "Empire";

    /// <summary>IANA zone of the owner's calendar.</summary>
    public string TimeZone { get; init; } = DefaultTimeZone;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _)) yield return new($"'{TimeZone}' must be a time zone of the IANA, as in {DefaultTimeZone}.", [nameof(TimeZone)]);
    }
}
