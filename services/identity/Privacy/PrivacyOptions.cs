using System.ComponentModel.DataAnnotations;

namespace Empire.Identity.Privacy;

/// <summary>Section "Privacy".</summary>
public sealed class PrivacyOptions
{
    /// <summary>Between asking to be forgotten and its beginning: time to change one's mind. The law wants it done within a month.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "21.00:00:00")] public TimeSpan ErasureGrace { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a service may take to answer before someone is told and it is asked again.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")] public TimeSpan ConfirmWithin { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How soon a service that has something under way for a person, as a mail that waits for its server, is asked again whether they are forgotten.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")] public TimeSpan RemindEvery { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long an export can be downloaded.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00")] public TimeSpan ExportKept { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Between two looks for what is due.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")] public TimeSpan LookEvery { get; init; } = TimeSpan.FromMinutes(10);
}
