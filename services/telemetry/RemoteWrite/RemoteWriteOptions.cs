using System.ComponentModel.DataAnnotations;

namespace Empire.Telemetry.RemoteWrite;

/// <summary>Section "RemoteWrite": an external VictoriaMetrics, Mimir or other cluster that takes Prometheus remote write, for those who outgrow one database.</summary>
internal sealed class RemoteWriteOptions
{
    /// <summary>Where samples are sent besides being stored, as <c>http://victoria:8428/api/v1/write</c>; null: nowhere.</summary>
    [RegularExpression("^https?://.+")] public string? Url { get; init; }

    /// <summary>Label that carries the account, so that one cluster keeps them apart.</summary>
    [Required, RegularExpression("^[a-zA-Z_][a-zA-Z0-9_]*$")] public string TenantLabel { get; init; } = "empire_tenant";

    /// <summary>Sent as <c>Authorization: Bearer …</c>; null: none.</summary>
    public string? BearerToken { get; init; }

    /// <summary>Sent as <c>X-Scope-OrgID</c>, which Mimir asks for; null: none.</summary>
    public string? OrgId { get; init; }

    /// <summary>GPU samples in one request, at most.</summary>
    [Range(1, 100_000)] public int RequestSamples { get; init; } = 10_000;

    /// <summary>How long one request may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")] public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait after a first failure; it doubles with each one more.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")] public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two tries, also where the cluster asks for more.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")] public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Between two looks when nothing waits.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")] public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(1);

    public bool IsOn => Url is { Length: > 0 };
}
