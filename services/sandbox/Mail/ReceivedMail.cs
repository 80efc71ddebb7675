namespace Empire.Sandbox.Mail;

/// <summary>A message that the sink accepted: from then on it counts as delivered, whether its sender heard so or not.</summary>
/// <param name="From">Of the envelope; empty for a bounce.</param>
/// <param name="To">Of the envelope, which a header may contradict.</param>
/// <param name="Tls">Whether it came over TLS.</param>
/// <param name="User">Whom the sender signed in as.</param>
/// <param name="Raw">As it came, without the dots of the wire.</param>
public sealed record ReceivedMail(string Id, DateTimeOffset At, string From, IReadOnlyList<string> To, bool Tls, string User, byte[] Raw);
