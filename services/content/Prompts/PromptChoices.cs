using Empire.Data;

namespace Empire.Content.Prompts;

/// <summary>Which version of each prompt a tenant's next pieces use.</summary>
internal static class PromptChoices
{
    public static async Task<int> ActiveAsync(Work work, string kind, CancellationToken ct) =>
        await work.QuerySingleOrDefaultAsync<int?>("select version from prompt_choices where tenant_id = current_tenant() and kind = @kind", new { kind }, ct) ?? PromptLibrary.FirstVersion;

    public static async Task<IReadOnlyDictionary<string, int>> AllAsync(Work work, CancellationToken ct) =>
        (await work.QueryAsync<(string Kind, int Version)>("select kind, version from prompt_choices where tenant_id = current_tenant()", ct: ct)).ToDictionary(row => row.Kind, row => row.Version);

    public static Task ChooseAsync(Work work, Prompt prompt, string actor, DateTimeOffset now, CancellationToken ct) => work.ExecuteAsync(
        """
        insert into prompt_choices (tenant_id, kind, version, chosen_by, chosen_at) values (current_tenant(), @Kind, @Version, @actor, @now)
        on conflict (tenant_id, kind) do update set version = excluded.version, chosen_by = excluded.chosen_by, chosen_at = excluded.chosen_at
        """, new { prompt.Kind, prompt.Version, actor, now }, ct);
}
