namespace Empire.Autopilot.Feeds;

/// <param name="Line">Of the file, counting from 1, the header included.</param>
/// <param name="Reason">Which column is wrong, and what would be right.</param>
public sealed record Rejection(int Line, string Reason);
