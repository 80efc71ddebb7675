using Empire.Data;

namespace Empire.Identity.Admission;

/// <summary>What somebody who wants to sign up should know before they fill in a form.</summary>
public static class AskAdmission
{
    /// <param name="InviteNeeded">While the installation is private.</param>
    /// <example>{"invite_needed": false}</example>
    public sealed record Response(bool InviteNeeded);

    public static async Task<Response> HandleAsync(Database db, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        return new(await PrivateMode.IsOnAsync(work, ct));
    }
}
