using System.ComponentModel.DataAnnotations;
using Empire.Data;

namespace Empire.Identity.People;

/// <summary>Somebody who cannot prove who they are asks for a mail. The answer and its time are the same whether or not the address is known:
/// this only notes the wish, <see cref="MailRequestWorker"/> looks the person up.</summary>
public static class AskForMail
{
    /// <example>{"email": "ada@example.com"}</example>
    public sealed record Request([Required, StringLength(1000)] string Email);

    /// <example>{"status": "success", "message": "If the address is known here, a mail is on its way."}</example>
    public sealed record Response(string Status, string Message);

    public static Task<Response> ForPasswordAsync(Request request, Database db, MailRequestWorker worker, TimeProvider clock, CancellationToken ct) =>
        AskAsync(request, OneTimeTokenTable.ResetPassword, db, worker, clock, ct);

    public static Task<Response> ForVerificationAsync(Request request, Database db, MailRequestWorker worker, TimeProvider clock, CancellationToken ct) =>
        AskAsync(request, OneTimeTokenTable.VerifyEmail, db, worker, clock, ct);

    private static async Task<Response> AskAsync(Request request, string purpose, Database db, MailRequestWorker worker, TimeProvider clock, CancellationToken ct)
    {
        var email = EmailAddress.Parse(request.Email);
        await using var work = await db.BeginSystemAsync(ct);
        work.NothingToAudit(); // nobody has proved to be anybody
        await work.ExecuteAsync(
            "insert into mail_requests (email, purpose, requested_at) values (@email, @purpose, @now) on conflict do nothing", new { email, purpose, now = clock.GetUtcNow() }, ct);
        await work.CommitAsync(ct);
        worker.Wake();
        return new("success", "If the address is known here, a mail is on its way.");
    }
}
