using System.ComponentModel.DataAnnotations;

namespace Empire.Identity.Sessions;

/// <summary>Section "Identity:Sessions". <c>SESSION_TIMEOUT</c> and <c>MAX_LOGIN_ATTEMPTS</c> are other names of <see cref="IdleSeconds"/> and <see cref="MaxAttempts"/>.</summary>
public sealed class SessionOptions
{
    /// <summary>Without a request for so long, a session is over.</summary>
    [Range(60, 86_400)] public int IdleSeconds { get; set; } = 3600;

    /// <summary>However busy, a session is over then.</summary>
    [Range(1, 168)] public int AbsoluteHours { get; set; } = 12;

    /// <summary>Wrong tries for one address before it is locked.</summary>
    [Range(1, 100)] public int MaxAttempts { get; set; } = 5;

    /// <summary>The first lock; each in a row lasts twice as long as the one before, up to a day.</summary>
    [Range(1, 1440)] public int LockMinutes { get; set; } = 15;

    internal TimeSpan Idle => TimeSpan.FromSeconds(IdleSeconds);
}
