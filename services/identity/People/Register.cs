using System.ComponentModel.DataAnnotations;
using Empire.Tiers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.People;

/// <summary>Signs a person up with a password. They sign in afterwards; no key is made.</summary>
public static class Register
{
    /// <example>{"email": "ada@example.com", "password": "nine quiet lanterns", "name": "Ada"}</example>
    /// <param name="Invite">The code of an invite; needed while the installation is private.</param>
    /// <param name="ReferralCode">Of who sent them, as their account shows it.</param>
    public sealed record Request(
        [Required, StringLength(1000)] string Email, [Required] string Password, [StringLength(64)] string? Invite = null, [StringLength(100, MinimumLength = 1)] string? Name = null,
        [RegularExpression("^[0-9A-Fa-f]{10}$")] string? ReferralCode = null);

    /// <example>{"status": "success", "message": "Account created successfully", "user": {"id": "usr_0199f3a17c5b7d3e8a4b5c6d7e8f9012", "email": "ada@example.com", "role": "user",
    /// "subscription_status": "trial", "subscription_tier": "free", "api_calls_used": 0, "monthly_limit": 100}}</example>
    public sealed record Response(string Status, string Message, NewUser User);

    /// <param name="Role">user, or admin for the first person of an installation without an owner.</param>
    /// <param name="MonthlyLimit">Metered calls a month; null is without limit.</param>
    public sealed record NewUser(string Id, string Email, string Role, string SubscriptionStatus, string SubscriptionTier, long ApiCallsUsed, long? MonthlyLimit);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request, AccountOpening opening, Passwords passwords, TierTable tiers, CancellationToken ct)
    {
        var email = EmailAddress.Parse(request.Email);
        PasswordRule.Require(request.Password, email);
        var (account, refusal) = await opening.OpenAsync(new(email, request.Name, await passwords.HashAsync(request.Password, ct), request.Invite, WithKey: false, request.ReferralCode), ct);
        if (account is null) return SignUp.Refuse(refusal!);
        var user = new NewUser(PublicId.Format("usr", account.User), email, account.Role, "trial", TierTable.Free, 0, tiers[TierTable.Free].ApiCallsPerMonth);
        return TypedResults.Ok(new Response("success", "Account created successfully", user));
    }
}
