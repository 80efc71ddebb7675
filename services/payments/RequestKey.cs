using System.Security.Cryptography;
using System.Text;
using Empire.Data;

namespace Empire.Payments;

/// <summary>A client's Idempotency-Key as part of an effect's key, so that a repeat finds the first decision also where its answer died with the process.</summary>
internal static class RequestKey
{
    /// <summary>Short, and of letters that every provider takes as a key.</summary>
    public static string Short(string requestKey) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(requestKey)))[..32];

    /// <summary>Whether this act was decided before.</summary>
    public static Task<bool> DecidedAsync(Work work, string kind, string effectKey, CancellationToken ct) => work.QuerySingleAsync<bool>(
        "select exists (select from kernel.effects where tenant_id = current_tenant() and kind = @kind and key = @effectKey)", new { kind, effectKey }, ct);
}
