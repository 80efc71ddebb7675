using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.People;

/// <summary>Opens a free account by address alone and answers with its first key, the only place where that key is ever shown besides the welcome mail.</summary>
public static class SignUp
{
    /// <example>{"email": "ada@example.com"}</example>
    /// <param name="Invite">The code of an invite; needed while the installation is private.</param>
    /// <param name="ReferralCode">Of who sent them, as their account shows it.</param>
    public sealed record Request([Required, StringLength(1000)] string Email, [StringLength(64)] string? Invite = null, [RegularExpression("^[0-9A-Fa-f]{10}$")] string? ReferralCode = null);

    /// <example>{"status": "success", "message": "Account created successfully", "api_key": "gopt_thisIsNotAKeyButLooks1"}</example>
    public sealed record Response(string Status, string Message, string ApiKey);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Request request, AccountOpening opening, CancellationToken ct)
    {
        var (account, refusal) = await opening.OpenAsync(new(EmailAddress.Parse(request.Email), null, null, request.Invite, WithKey: true, request.ReferralCode), ct);
        return account is null ? Refuse(refusal!) : TypedResults.Ok(new Response("success", "Account created successfully", account.ApiKey!));
    }

    internal static ProblemHttpResult Refuse(Refusal refusal) =>
        refusal.ToProblem(refusal == AccountOpening.Taken ? StatusCodes.Status409Conflict : StatusCodes.Status403Forbidden);
}
