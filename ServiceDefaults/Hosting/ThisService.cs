using System.Reflection;

namespace Empire.Hosting;

/// <summary>Which program this is, for telemetry, logs, health answers and the caller it presents to other services.</summary>
/// <param name="Name">As in the application model: <c>content</c>.</param>
/// <param name="Instance">Different in every replica.</param>
public sealed record ThisService(string Name, string Version, string Instance)
{
    internal static ThisService From(string name, DateTimeOffset now) =>
        new(name, Assembly.GetEntryAssembly()?.GetName().Version?.ToString(3) ?? "0.0.0", $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7(now):N}");
}
