using System.Globalization;
using Empire.Http;

namespace Empire.Identity.Access;

/// <summary>One rule on how an account is used.</summary>
internal sealed record AccessControl
{
    public const string IpWhitelist = "ip_whitelist", SessionTimeout = "session_timeout";
    private const int ShortestSeconds = 30, LongestSeconds = 30 * 24 * 3600;

    public Guid Id { get; init; }
    public Guid? UserId { get; init; }
    public string ControlType { get; init; } = "";
    public string ControlValue { get; init; } = "";
    public bool IsActive { get; init; }
    /// <summary>As an owner left it. A white list for everyone that is not so holds for all but owners: else an admin could shut them out for good.</summary>
    public bool ByOwner { get; init; }

    public string CreatedBy { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }

    public string PublicId => Empire.PublicId.Format("acc", Id);

    /// <returns>The value in its one spelling.</returns>
    /// <exception cref="InvalidFieldException">There is no such type, or it takes another value.</exception>
    public static string Value(string type, string value) => type switch
    {
        IpWhitelist => Networks.Normalise(value) ?? throw new InvalidFieldException("control_value", "wanted: networks in CIDR, comma-separated, as 10.0.0.0/8, 2001:db8::/32."),
        SessionTimeout => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= ShortestSeconds and <= LongestSeconds
            ? seconds.ToString(CultureInfo.InvariantCulture)
            : throw new InvalidFieldException("control_value", $"wanted: {ShortestSeconds} to {LongestSeconds} seconds."),
        _ => throw new InvalidFieldException("control_type", $"wanted: {IpWhitelist} or {SessionTimeout}."),
    };
}
