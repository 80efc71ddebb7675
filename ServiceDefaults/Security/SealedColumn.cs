namespace Empire.Security;

/// <summary>A column whose values a <see cref="Sealer"/> seals, so that <see cref="Resealing"/> keeps them under the newest key.</summary>
/// <param name="Table">System work may read and change it.</param>
/// <param name="Id">The uuid column that says whose the value is; it need not be unique.</param>
/// <param name="Column">Text; null where there is no secret.</param>
/// <param name="PurposeOf">The purpose for which the value of this id is sealed.</param>
/// <param name="KeyColumn">Where the table keeps the key's id beside the value; null where it does not.</param>
internal sealed record SealedColumn(string Table, string Id, string Column, Func<Guid, string> PurposeOf, string? KeyColumn)
{
    public string Name => $"{Table}.{Column}";

    /// <summary>The id of the key, as it stands in the value itself. An index of a large table must spell it the same.</summary>
    public string KeyId => $"split_part({Column}, '.', 2)";
}

/// <summary>How many values of a column rest under a key.</summary>
/// <param name="Column">As <c>second_factors.sealed_secret</c>.</param>
/// <param name="KeyId">The key's id; empty where the value was never sealed.</param>
/// <param name="State"><c>newest</c>, <c>older</c> (listed, and about to be sealed anew) or <c>unlisted</c> (shut until the key is listed again).</param>
public sealed record KeyUse(string Column, string KeyId, long Values, string State)
{
    public const string Newest = "newest", Older = "older", Unlisted = "unlisted";
}
