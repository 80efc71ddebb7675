using System.Security.Cryptography;
using System.Text;
using Empire.Data;
using Empire.Security;

namespace Empire.Identity.SecondFactor;

/// <summary>The authenticators of people, and their recovery codes.</summary>
public sealed class SecondFactors(Sealer sealer)
{
    /// <summary>So long, and for so many wrong codes, a secret waits to be confirmed. Whoever confirms is not asked for the password, and a session that somebody else holds is no place to guess from.</summary>
    public static readonly TimeSpan ConfirmWithin = TimeSpan.FromMinutes(10);
    public const int MostWrongCodes = 5;

    private const int RecoveryCodes = 10;
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"; // 32, without I, O, 0 and 1, which people confuse

    internal async Task<bool> IsOnAsync(Work work, Guid user, CancellationToken ct) =>
        await work.QuerySingleAsync<bool>("select exists (select from second_factors where user_id = @user and confirmed_at is not null)", new { user }, ct);

    internal Task<int> RecoveryCodesLeftAsync(Work work, Guid user, CancellationToken ct) =>
        work.QuerySingleAsync<int>("select count(*)::int from recovery_codes where user_id = @user and used_at is null", new { user }, ct);

    /// <summary>Replaces an enrolment that was never confirmed.</summary>
    /// <returns>The secret; null when a second factor is on already.</returns>
    internal async Task<byte[]?> EnrolAsync(Work work, Guid user, DateTimeOffset now, CancellationToken ct)
    {
        var secret = Totp.NewSecret();
        var written = await work.ExecuteAsync(
            """
            insert into second_factors (user_id, sealed_secret, created_at) values (@user, @sealedSecret, @now)
            on conflict (user_id) do update set sealed_secret = @sealedSecret, created_at = @now, last_step = null, wrong_codes = 0 where second_factors.confirmed_at is null
            """, new { user, sealedSecret = sealer.Seal(Convert.ToBase64String(secret), PurposeOf(user)), now }, ct);
        return written == 1 ? secret : null;
    }

    /// <summary>Turns it on, with the first code. In the person's turn: of many codes at once each is counted.</summary>
    /// <returns>The recovery codes, shown once; null when the code is wrong, which is counted with the work, or nothing waits to be confirmed.</returns>
    internal async Task<IReadOnlyList<string>?> ConfirmAsync(Work work, Guid user, string code, DateTimeOffset now, CancellationToken ct)
    {
        await work.ExecuteAsync("delete from second_factors where user_id = @user and confirmed_at is null and created_at <= @since", new { user, since = now - ConfirmWithin }, ct);
        if (!await AcceptStepAsync(work, user, code, confirmed: false, now, ct))
        {
            await work.ExecuteAsync(
                """
                update second_factors set wrong_codes = wrong_codes + 1 where user_id = @user and confirmed_at is null;
                delete from second_factors where user_id = @user and confirmed_at is null and wrong_codes >= @MostWrongCodes
                """, new { user, MostWrongCodes }, ct);
            return null;
        }
        await work.ExecuteAsync("update second_factors set confirmed_at = @now where user_id = @user", new { user, now }, ct);
        return await NewRecoveryCodesAsync(work, user, ct);
    }

    internal async Task<IReadOnlyList<string>> NewRecoveryCodesAsync(Work work, Guid user, CancellationToken ct)
    {
        var codes = Enumerable.Range(0, RecoveryCodes).Select(_ => RandomNumberGenerator.GetString(Letters, 16)).ToArray();
        await work.ExecuteAsync(
            "delete from recovery_codes where user_id = @user; insert into recovery_codes (user_id, code_hash) select @user, unnest(@hashes)",
            new { user, hashes = codes.Select(Hash).ToArray() }, ct);
        return [.. codes.Select(code => string.Join('-', code.Chunk(4).Select(four => new string(four))))];
    }

    /// <summary>Voids a secret that waits to be confirmed: with a new password, whoever holds one from before starts anew.</summary>
    internal static Task DropUnconfirmedAsync(Work work, Guid user, CancellationToken ct) =>
        work.ExecuteAsync("delete from second_factors where user_id = @user and confirmed_at is null", new { user }, ct);

    internal Task TurnOffAsync(Work work, Guid user, CancellationToken ct) =>
        work.ExecuteAsync("delete from second_factors where user_id = @user; delete from recovery_codes where user_id = @user", new { user }, ct);

    /// <summary>Takes a code of the authenticator, or a recovery code, once: it is used up with the work.</summary>
    /// <exception cref="UnreadableSecretException">No listed key opens the authenticator's secret. Recovery codes are taken all the same.</exception>
    internal async Task<bool> AcceptAsync(Work work, Guid user, string code, DateTimeOffset now, CancellationToken ct)
    {
        var plain = code.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        if (plain.Length == Totp.Digits) return await AcceptStepAsync(work, user, plain, confirmed: true, now, ct);
        return await work.ExecuteAsync(
            "update recovery_codes set used_at = @now where user_id = @user and code_hash = @hash and used_at is null", new { user, hash = Hash(plain.ToUpperInvariant()), now }, ct) == 1;
    }

    private async Task<bool> AcceptStepAsync(Work work, Guid user, string code, bool confirmed, DateTimeOffset now, CancellationToken ct)
    {
        var sealedSecret = await work.QuerySingleOrDefaultAsync<string>(
            "select sealed_secret from second_factors where user_id = @user and (confirmed_at is not null) = @confirmed", new { user, confirmed }, ct);
        if (sealedSecret is null || Totp.Match(Convert.FromBase64String(sealer.Open(sealedSecret, PurposeOf(user))), code, now) is not { } step) return false;
        return await work.ExecuteAsync(
            "update second_factors set last_step = @step where user_id = @user and (last_step is null or last_step < @step)", new { user, step }, ct) == 1; // a code read over a shoulder is worth nothing
    }

    internal static string PurposeOf(Guid user) => $"second-factor:{user:N}";

    /// <summary>Neither right nor wrong: answered with 503.</summary>
    internal static Refusal Unreadable { get; } = new(
        "second-factor-unreadable", "Codes of your authenticator cannot be checked now: whoever runs this installation has taken a key away. A recovery code opens; the trace id finds the key in the logs.");

    private static byte[] Hash(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code));
}
