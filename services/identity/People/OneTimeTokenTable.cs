using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Empire.Data;

namespace Empire.Identity.People;

/// <summary>Tokens that prove once that a person reads their mail.</summary>
internal static class OneTimeTokenTable
{
    public const string VerifyEmail = "verify-email", ResetPassword = "reset-password";

    public static TimeSpan LifetimeOf(string purpose) => purpose == VerifyEmail ? TimeSpan.FromHours(24) : TimeSpan.FromHours(1);

    /// <summary>A new token; the person's earlier ones for the same purpose are void.</summary>
    public static async Task<string> IssueAsync(Work work, Guid user, string purpose, DateTimeOffset now, CancellationToken ct)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await work.ExecuteAsync(
            """
            delete from one_time_tokens where user_id = @user and purpose = @purpose;
            insert into one_time_tokens (token_hash, user_id, purpose, created_at, expires_at) values (@hash, @user, @purpose, @now, @expires)
            """, new { hash = Hash(token), user, purpose, now, expires = now + LifetimeOf(purpose) }, ct);
        return token;
    }

    /// <summary>Holds fast all links of a person; what else of theirs the work locks it locks afterwards.</summary>
    public static Task HoldAsync(Work work, Guid user, CancellationToken ct) =>
        work.ExecuteAsync("select from one_time_tokens where user_id = @user order by token_hash for update", new { user }, ct);

    /// <summary>Whose it is, without using it up.</summary>
    /// <returns>Null when it is unknown, of another purpose, used or expired.</returns>
    public static Task<Guid?> WhoseAsync(Work work, string token, string purpose, DateTimeOffset now, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Guid?>(
            "select user_id from one_time_tokens where token_hash = @hash and purpose = @purpose and used_at is null and expires_at > @now", new { hash = Hash(token), purpose, now }, ct);

    /// <summary>Uses the token up, with the work. Of two at the same time one succeeds.</summary>
    /// <returns>Whose it was; null when it is unknown, of another purpose, used or expired.</returns>
    public static Task<Guid?> SpendAsync(Work work, string token, string purpose, DateTimeOffset now, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Guid?>(
            """
            update one_time_tokens set used_at = @now where token_hash = @hash and purpose = @purpose and used_at is null and expires_at > @now
            returning user_id
            """, new { hash = Hash(token), purpose, now }, ct);

    public static Refusal Invalid { get; } = new("token-invalid", "The link has been used, has expired, or was never given out. Ask for a new one.");

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
