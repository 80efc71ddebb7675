namespace Empire.Autopilot.Feeds;

/// <param name="Line">Of the file, counting from 1, the header included; of a record over several lines the first. Of a network's catalogue: which of its products.</param>
/// <param name="Reason">Which column is wrong, and what would be right.</param>
public sealed record Rejection(int Line, string Reason);
