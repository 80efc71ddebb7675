using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Members;
using Empire.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Vault;

/// <summary>Puts a new value in the place of an old one, which is gone; the age begins anew.</summary>
public static class ReplaceCredential
{
    /// <example>{"value": "the token that the store gave out anew"}</example>
    public sealed record Request([Required, StringLength(16_384, MinimumLength = 1)] string Value);

    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> HandleAsync(
        string id, Request request, Caller caller, HttpContext context, Database db, StillManages still, Sealer sealer, TimeProvider clock, CancellationToken ct)
    {
        if (!PublicId.TryParse("cred", id, out var credential)) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await still.CheckAsync(work, caller, context, ct) is { } refusal) return refusal.ToProblem(StatusCodes.Status403Forbidden);
        var envelope = Envelope.Seal(sealer, credential, request.Value);
        if (await CredentialTable.SetValueAsync(work, credential, envelope, sealer.KeyId, Credential.EndOf(request.Value), clock.GetUtcNow(), ct) == 0) return TypedResults.NotFound();
        work.Audit("credential.replaced", "credential", PublicId.Format("cred", credential));
        await work.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
