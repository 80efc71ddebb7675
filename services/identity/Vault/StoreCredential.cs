using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Bounds;
using Empire.Identity.Members;
using Empire.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Identity.Vault;

/// <summary>Takes a secret of an outside account into the vault. It goes in here and comes out only to services; no answer ever shows it.</summary>
public static class StoreCredential
{
    /// <example>{"name": "main-store", "provider": "shopify", "class": "platform", "value": "the token that the store gave out"}</example>
    /// <param name="Name">To tell several of one provider apart: main-store.</param>
    /// <param name="Provider">As shopify.</param>
    /// <param name="Class">llm, gateway (both to be replaced monthly) or platform (quarterly).</param>
    /// <param name="Value">The secret as the provider gave it; where it has several parts, a JSON object of them.</param>
    public sealed record Request(
        [Required, StringLength(100, MinimumLength = 1)] string Name, [Required, RegularExpression("^[a-z][a-z0-9-]{0,49}$")] string Provider,
        [Required, OneOf("llm", "gateway", "platform")] string Class, [Required, StringLength(16_384, MinimumLength = 1)] string Value);

    public static async Task<Results<Created<CredentialView>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, HttpContext context, Database db, StillManages still, Sealer sealer, IOptions<BoundsOptions> bounds, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var credential = new Credential
        {
            Id = Guid.CreateVersion7(now), Name = request.Name, Provider = request.Provider, Class = request.Class, KeyId = sealer.KeyId, LastFour = Credential.EndOf(request.Value),
            CreatedBy = caller.Actor, CreatedAt = now, SetAt = now,
        };
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await still.CheckAsync(work, caller, context, ct) is { } refusal) return refusal.ToProblem(StatusCodes.Status403Forbidden);
        if (await CredentialTable.FullAsync(work, bounds.Value.Credentials, ct) is { } full) return full.ToProblem();
        if (!await CredentialTable.AddAsync(work, credential, Envelope.Seal(sealer, credential.Id, request.Value), sealer.KeyId, ct))
            return new Refusal("credential-exists", $"There is a credential '{request.Name}' of {request.Provider}. Replace its value, or choose another name.").ToProblem();
        var view = CredentialView.Of(credential, now);
        work.Audit("credential.stored", "credential", view.Id, new { request.Name, request.Provider, request.Class });
        await work.CommitAsync(ct);
        return TypedResults.Created($"/api/v1/identity/credentials/{view.Id}", view);
    }
}
