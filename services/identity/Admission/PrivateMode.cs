using Empire.Data;

namespace Empire.Identity.Admission;

/// <summary>Whether people need an invite to sign up. The setting <c>PRIVATE_MODE</c> is its first value; afterwards an operator turns it, and it stays as they left it.</summary>
public static class PrivateMode
{
    public const string Setting = "PRIVATE_MODE";
    private const string Name = "private_mode";

    /// <returns>True also where nothing is known: a door whose state is lost stays shut.</returns>
    public static async Task<bool> IsOnAsync(Work systemWork, CancellationToken ct) =>
        await systemWork.QuerySingleOrDefaultAsync<bool?>("select value::boolean from installation_settings where name = @Name", new { Name }, ct) ?? true;

    /// <summary>Sets the first value; nothing where there is one.</summary>
    internal static Task BeginWithAsync(Work systemWork, bool on, DateTimeOffset now, CancellationToken ct) =>
        systemWork.ExecuteAsync(
            "insert into installation_settings (name, value, changed_by, changed_at) values (@Name, to_jsonb(@on), 'setup', @now) on conflict do nothing", new { Name, on, now }, ct);

    /// <param name="on">Null turns it over.</param>
    /// <returns>What it is now.</returns>
    internal static Task<bool> TurnAsync(Work systemWork, bool? on, string actor, DateTimeOffset now, CancellationToken ct) =>
        systemWork.QuerySingleAsync<bool>(
            """
            insert into installation_settings (name, value, changed_by, changed_at) values (@Name, to_jsonb(coalesce(@on, false)), @actor, @now)
            on conflict (name) do update set value = to_jsonb(coalesce(@on, not installation_settings.value::boolean)), changed_by = @actor, changed_at = @now
            returning value::boolean
            """, new { Name, on, actor, now }, ct);
}
