namespace Empire.Payments.Ledger;

/// <summary>Where an entry belongs, in SQL: what it names itself, and what it does not, by its piece and its publication. Completed when it is read, so that it does not matter which of them was heard of first; the books
/// themselves keep what was told of the entry alone. As analytics completes costs and conversions.</summary>
internal static class CompletedLineage
{
    /// <summary>Beside <c>ledger_entries e</c>. A query that asks for none of these columns does not pay for them: the planner drops both.</summary>
    public const string Joins =
        """
        left join publications u on u.tenant_id = e.tenant_id and u.id = e.publication_id
        left join pieces p on p.tenant_id = e.tenant_id and p.id = coalesce(e.piece_id, u.piece_id)
        """;

    public const string Piece = "coalesce(e.piece_id, u.piece_id)";
    public const string Product = "coalesce(e.product_id, p.product_id, u.product_id)";
    public const string Niche = "coalesce(e.niche, p.niche, u.niche)";
    public const string Platform = "coalesce(e.platform, u.channel, p.platform)";
    public const string PromptVersion = "coalesce(e.prompt_version, p.prompt_version, u.prompt_version)";
}
