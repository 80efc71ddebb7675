using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Empire.Contracts.V1;
using Empire.Http;
using Grpc.Core;
using Microsoft.Extensions.Caching.Memory;

namespace Empire.Gateway.Authentication;

/// <summary>Finds out who calls, by <c>Authorization: Bearer gopt_…</c> or <c>X-Api-Key: gopt_…</c>. Identity answers; its answers, good and bad, are
/// kept for the seconds it allows, under the key's hash.</summary>
internal sealed class Authenticator(Identity.IdentityClient identity, CallerToken tokens, TimeProvider clock) : IDisposable
{
    public const string KeyHeader = "X-Api-Key";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BadKeyMemory = TimeSpan.FromSeconds(2);   // a loop with a wrong key costs identity one look-up per two seconds
    private static readonly Refusal InvalidKey = new("invalid-api-key", "Send a valid API key as 'Authorization: Bearer gopt_…' or 'X-Api-Key: gopt_…'.");
    private static readonly Refusal IdentityDown = new("service-unavailable", "Keys cannot be checked right now. Try again shortly.");

    private readonly MemoryCache cache = new(new MemoryCacheOptions { SizeLimit = 100_000 });

    /// <returns>Null when the request was refused; the response is complete then.</returns>
    public async ValueTask<SignedIdentity?> AuthenticateAsync(HttpContext context)
    {
        if (KeyOf(context.Request) is not { } key) return await RefuseAsync(context, InvalidKey, StatusCodes.Status401Unauthorized);
        var hash = Fingerprint(key);
        if (!cache.TryGetValue(hash, out SignedIdentity? known))
        {
            try
            {
                known = await AskAsync(key, context.RequestAborted);
                Remember(hash, known, known.ReusableFor);
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unauthenticated)
            {
                Remember(hash, null, BadKeyMemory);
            }
            catch (RpcException) when (!context.RequestAborted.IsCancellationRequested)
            {
                return await RefuseAsync(context, IdentityDown, StatusCodes.Status503ServiceUnavailable);
            }
        }
        return known ?? await RefuseAsync(context, InvalidKey, StatusCodes.Status401Unauthorized);
    }

    public void Dispose() => cache.Dispose();

    private static string? KeyOf(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return authorization["Bearer ".Length..].Trim();
        var header = request.Headers[KeyHeader].ToString();
        return header.Length > 0 ? header : null;
    }

    private async Task<SignedIdentity> AskAsync(string key, CancellationToken ct)
    {
        var reply = await identity.AuthenticateAsync(new() { ApiKey = key }, deadline: clock.GetUtcNow().UtcDateTime + Deadline, cancellationToken: ct);
        var caller = new Caller(new(Guid.Parse(reply.TenantId)), reply.Actor, reply.Role, reply.Operator, reply.Tier);
        return new(caller, tokens.Sign(caller), TimeSpan.FromSeconds(reply.CacheSeconds));
    }

    private void Remember(UInt128 hash, SignedIdentity? identity, TimeSpan time)
    {
        if (time > TimeSpan.Zero) cache.Set(hash, identity, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = time });
    }

    /// <summary>So that no key in clear stays in memory longer than its request.</summary>
    private static UInt128 Fingerprint(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    private static async ValueTask<SignedIdentity?> RefuseAsync(HttpContext context, Refusal refusal, int status)
    {
        await refusal.ToProblem(status).ExecuteAsync(context);
        return null;
    }
}

/// <param name="Token">Good for <see cref="CallerToken.Lifetime"/>, far longer than the answer is reused.</param>
internal sealed record SignedIdentity(Caller Caller, string Token, TimeSpan ReusableFor);
