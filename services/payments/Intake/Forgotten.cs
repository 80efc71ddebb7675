using System.Buffers;
using System.Text.RegularExpressions;
using Empire.Data;
using Empire.Payments.Customers;
using Empire.Privacy;

namespace Empire.Payments.Intake;

/// <summary>Providers go on naming payers who were forgotten: a refund, a dispute, an invoice of long ago. Their addresses are taken out before such words are kept. One that a customer has again is theirs.</summary>
internal static partial class Forgotten
{
    /// <summary>What stands where an address of theirs stood.</summary>
    internal const string Instead = "erased@erased.invalid";

    /// <summary>Of the lock that whoever stores words shares.</summary>
    private const long Writers = 0x666f72676f74; // "forgot"

    private static readonly SearchValues<string> AtSigns = SearchValues.Create(["@", "\\u0040"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Whom words name, by address and by what Stripe calls them.</summary>
    public sealed record Named(string[] Addresses, string[] Customers)
    {
        public bool Nobody => Addresses.Length + Customers.Length == 0;
        public byte[][] Hashes => Array.ConvertAll(Addresses, ErasedAddresses.HashOf);
    }

    public static Named NamedIn(ProviderEvent[] told) => new(
        [.. told.SelectMany(one => AddressesIn(one.Body)).Select(Plain).Distinct(StringComparer.Ordinal)],
        [.. told.SelectMany(one => Customers().Matches(one.Body)).Select(match => match.Value).Distinct(StringComparer.Ordinal)]);

    /// <summary>Taken by a statement of its own before <see cref="Gone"/> is asked: that sees what was committed before the lock was had.</summary>
    public static readonly string Shared = $"do $$ begin perform pg_advisory_xact_lock_shared({Writers}); end $$;";

    /// <summary>Who of <c>@addresses</c>, <c>@hashes</c> and <c>@customers</c> was forgotten, over all tenants. Whoever is a customer of Stripe's after somebody who was forgotten loses their name in these words too: which of the two is meant, no
    /// word says.</summary>
    public const string Gone = $"""
        select n.address as name from unnest(@addresses, @hashes) as n (address, hash)
        where exists (select from kernel.erased_addresses a where a.address_hash = n.hash) and not exists (select from customers c where c.email = n.address)
        union all select stripe_id from customers where stripe_id = any(@customers) and (email like '{CustomerTable.ErasedLike}' or forgotten_until is not null)
        union all select a.stripe_id from stripe_customers_aside a join customers c on c.id = a.customer_id where a.stripe_id = any(@customers) and (c.email like '{CustomerTable.ErasedLike}' or a.forgotten_until is not null)
        """;

    public static ProviderEvent[] TakeOut(ProviderEvent[] told, HashSet<string> gone) => Array.ConvertAll(told, one => one with { Body = Without(one.Body, gone) });

    /// <summary>Waits until whoever is storing words has ended that saw no note of what was committed before this call: what they stored can be redacted then, and what is stored from now on is as it is stored.</summary>
    public static async Task WaitForWritersAsync(Database db, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        await work.ExecuteAsync($"select pg_advisory_xact_lock({Writers})", ct: ct);
    }

    /// <summary>Where the address goes, what else the same words say of the person goes with it.</summary>
    private static string Without(string body, HashSet<string> gone)
    {
        var without = Addresses().Replace(body, match => gone.Contains(Plain(match.Value)) ? Instead : match.Value);
        return without == body && !Customers().Matches(body).Any(match => gone.Contains(match.Value)) ? body : Personal().Replace(without, "${member}null");
    }

    /// <summary>Looked for around each at-sign alone, between what no address has within it: most words name nobody, and all are looked through before they are answered.</summary>
    private static List<string> AddressesIn(string body)
    {
        List<string> found = [];
        for (int from = 0, at; (at = body.AsSpan(from).IndexOfAny(AtSigns)) >= 0;)
        {
            at += from;
            var start = at - 1;
            while (start >= 0 && Within(body[start])) start--;
            var end = at;
            while (end < body.Length && Within(body[end])) end++;
            found.AddRange(Addresses().Matches(body[(start + 1)..end]).Select(match => match.Value));
            from = end;
        }
        return found;
    }

    /// <summary>Of an address, or of an escape in or before it.</summary>
    private static bool Within(char c) => char.IsLetterOrDigit(c) || char.IsNumber(c) || c is '.' or '_' or '%' or '+' or '~' or '-' or '\\' or '\'' or '@';

    /// <summary>As a customer's row has it.</summary>
    private static string Plain(string written) => written.Replace("\\u0040", "@", StringComparison.OrdinalIgnoreCase).Replace("\\u002b", "+", StringComparison.OrdinalIgnoreCase).Replace("\\u0027", "'", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Also as JSON may write them: some encoders escape +, @ and apostrophes. An escape before one is no part of it, nor is a quote; an apostrophe within is.</summary>
    [GeneratedRegex("""(?:(?<=\\[bfnrt])|(?<=\\u00(?!2[bB])[0-9a-fA-F]{2})|(?<![\p{L}\p{N}._%+~\\-]))(?:[\p{L}\p{N}._%+~-]|\\u002[bB])+(?:(?:'|\\u0027)(?:[\p{L}\p{N}._%+~-]|\\u002[bB])+)*(?:@|\\u0040)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+""", RegexOptions.CultureInvariant)]
    private static partial Regex Addresses();

    /// <summary>Of Stripe: some words, as of a renewal, name a customer by nothing else.</summary>
    [GeneratedRegex("""(?<=")cus_[A-Za-z0-9]+(?=")""", RegexOptions.CultureInvariant)]
    private static partial Regex Customers();

    /// <summary>As <c>redact_payers</c> has it: a member with a text.</summary>
    [GeneratedRegex("""(?<member>"(name|first_name|last_name|maiden_name|customer_name|phone|phone_number|customer_phone|line1|line2|city|postal_code|ip|device_fingerprint|customer_purchase_ip|billing_address|shipping_address|access_activity_log|uncategorized_text)"\s*:\s*)"([^"\\]|\\.)*["]""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Personal();
}
