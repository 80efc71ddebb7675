using System.Text.RegularExpressions;
using Empire.Data;
using Empire.Privacy;

namespace Empire.Payments.Intake;

/// <summary>Providers go on naming payers who were forgotten: a refund, a dispute, an invoice of long ago. Their addresses are taken out before such words are kept. One that a customer has again is theirs.</summary>
internal static partial class Forgotten
{
    private const string Instead = "erased@erased.invalid";

    /// <param name="work">Over all tenants.</param>
    public static async Task<ProviderEvent[]> TakeOutAsync(Work work, ProviderEvent[] told, CancellationToken ct)
    {
        var named = told.SelectMany(one => Addresses().Matches(one.Body)).Select(match => Plain(match.Value)).Distinct().ToArray();
        if (named.Length == 0) return told;
        var gone = (await work.QueryAsync<string>(
            """
            select n.address from unnest(@named, @hashes) as n (address, hash)
            where exists (select from kernel.erased_addresses a where a.address_hash = n.hash) and not exists (select from customers c where c.email = n.address)
            """, new { named, hashes = Array.ConvertAll(named, ErasedAddresses.HashOf) }, ct)).ToHashSet(StringComparer.Ordinal);
        return gone.Count == 0 ? told : Array.ConvertAll(told, one => one with { Body = Addresses().Replace(one.Body, match => gone.Contains(Plain(match.Value)) ? Instead : match.Value) });
    }

    /// <summary>As a customer's row has it.</summary>
    private static string Plain(string written) => written.Replace("\\u0040", "@", StringComparison.OrdinalIgnoreCase).Replace("\\u002b", "+", StringComparison.OrdinalIgnoreCase).ToLowerInvariant();

    /// <summary>Also as JSON may write them: some encoders escape + and @. An escape before one is no part of it.</summary>
    [GeneratedRegex("""(?:(?<=\\[bfnrt])|(?<=\\u00(?!2[bB])[0-9a-fA-F]{2})|(?<![\p{L}\p{N}._%+~\\-]))(?:[\p{L}\p{N}._%+~-]|\\u002[bB])+(?:@|\\u0040)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+""", RegexOptions.CultureInvariant)]
    private static partial Regex Addresses();
}
