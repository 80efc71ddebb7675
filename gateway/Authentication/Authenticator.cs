using System.Collections.Concurrent;
using System.Globalization;
using Empire.Contracts.V1;
using Empire.Gateway.Shared;
using Empire.Http;
using Grpc.Core;
using Microsoft.Extensions.Caching.Memory;

namespace Empire.Gateway.Authentication;

/// <summary>Finds out who calls. Identity answers; its answers, good and bad, are kept for the seconds it allows, under the credential's hash, and dropped when it
/// announces that they no longer hold.</summary>
internal sealed class Authenticator : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BadKeyMemory = TimeSpan.FromSeconds(2);   // a loop with a wrong key costs identity one look-up per two seconds
    private static readonly TimeSpan LongestAnswer = CallerToken.Lifetime;
    private static readonly Answer Unknown = new(null, new("invalid-api-key", "Send a valid API key as 'Authorization: Bearer gopt_…' or 'X-Api-Key: gopt_…'."), StatusCodes.Status401Unauthorized);
    private static readonly Answer Over = new(
        null, new("invalid-api-key", "This access token, or the session that it hangs on, is over. POST /api/auth/token makes another."), StatusCodes.Status401Unauthorized, Blameless: true);
    private static readonly Answer Away = new(null, new("service-unavailable", "Keys cannot be checked right now. Try again shortly."), StatusCodes.Status503ServiceUnavailable);

    private readonly MemoryCache cache = new(new MemoryCacheOptions { SizeLimit = 100_000 });
    private readonly ConcurrentDictionary<UInt128, long> revokedKeys = new();
    private readonly ConcurrentDictionary<Guid, long> revokedTenants = new();
    private readonly Identity.IdentityClient identity;
    private readonly CallerToken tokens;
    private readonly TimeProvider clock;

    public Authenticator(Identity.IdentityClient identity, CallerToken tokens, SharedState shared, TimeProvider clock)
    {
        (this.identity, this.tokens, this.clock) = (identity, tokens, clock);
        shared.Listen(SharedState.Names.Revoked, Revoke, back: () =>
        {
            cache.Clear();   // something may have been revoked while nobody could tell us
            Shaken?.Invoke(null, null);
        });
    }

    /// <summary>What was answered of a credential's fingerprint, or of an account, no longer holds; with neither, of anybody. For who rests on an answer longer than a request.</summary>
    public Action<UInt128?, Guid?>? Shaken { get; set; }

    public static Answer NoCredential => Unknown;

    public async ValueTask<Answer> AuthenticateAsync(Credential credential, string address, CancellationToken ct)
    {
        var hash = credential.Fingerprint();
        if (cache.TryGetValue(hash, out Answer? known) && known is not null && Holds(hash, known)) return known;
        var askedAt = clock.GetTimestamp();
        try
        {
            var reply = await identity.AuthenticateAsync(credential.ToRequest(address), deadline: TimeProvider.System.GetUtcNow().UtcDateTime + Deadline, cancellationToken: ct);
            var signed = SignedIdentity.From(reply, tokens, askedAt);
            return Remember(hash, new(signed, null, 0), signed.ReusableFor);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unauthenticated)
        {
            return Remember(hash, e.Trailers.Get(Blameless.Header) is null ? Unknown : Over, credential.Kind is CredentialKind.Session ? TimeSpan.Zero : BadKeyMemory);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.PermissionDenied)
        {
            return new(null, new("account-inactive", e.Status.Detail), StatusCodes.Status403Forbidden);
        }
        catch (RpcException) when (!ct.IsCancellationRequested)
        {
            return Away;
        }
    }

    public void Dispose() => cache.Dispose();

    /// <param name="message">A key's SHA-256 in hex, or <c>tenant:{guid}</c>.</param>
    private void Revoke(string message)
    {
        var now = clock.GetTimestamp();
        if (message.StartsWith("tenant:", StringComparison.Ordinal) && Guid.TryParse(message.AsSpan("tenant:".Length), out var tenant))
        {
            Mark(revokedTenants, tenant, now);
            Shaken?.Invoke(null, tenant);
        }
        else if (message.Length == 64 && UInt128.TryParse(message.AsSpan(0, 32), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var hash))
        {
            Mark(revokedKeys, hash, now);
            Shaken?.Invoke(hash, null);
        }
    }

    /// <summary>Kept as long as an answer that was on its way when the announcement came could live.</summary>
    private void Mark<TKey>(ConcurrentDictionary<TKey, long> marks, TKey key, long now) where TKey : notnull
    {
        if (marks.Count >= 10_000)
            foreach (var (old, at) in marks)
                if (clock.GetElapsedTime(at, now) > LongestAnswer) marks.TryRemove(old, out _);
        marks[key] = now;
    }

    private bool Holds(UInt128 hash, Answer answer)
    {
        if (answer.Identity is not { } known) return !revokedKeys.ContainsKey(hash);
        return clock.GetElapsedTime(known.AskedAt) < known.ReusableFor   // by the clock that the caller's signature expires by; the cache only clears up
            && (!revokedKeys.TryGetValue(hash, out var key) || key < known.AskedAt) && (!revokedTenants.TryGetValue(known.Caller.Tenant.Value, out var tenant) || tenant < known.AskedAt);
    }

    private Answer Remember(UInt128 hash, Answer answer, TimeSpan time)
    {
        if (time > TimeSpan.Zero) cache.Set(hash, answer, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = time });
        return answer;
    }

    /// <summary>Either an identity, or why not and with which status.</summary>
    /// <param name="Blameless">Nobody has guessed: it was good once.</param>
    internal sealed record Answer(SignedIdentity? Identity, Refusal? Refusal, int Status, bool Blameless = false);
}
