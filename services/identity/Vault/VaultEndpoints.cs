using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Vault;

public static class VaultEndpoints
{
    public static WebApplicationBuilder AddVault(this WebApplicationBuilder builder)
    {
        builder.AddCredentialWatch(new("credentials", "credential_uses", "vault", "name", "provider", "class"));
        builder.Services.AddSingleton<CredentialOpening>();
        builder.Services.AddSealedColumn("credentials", "id", "wrapped_key", Envelope.KeyPurpose, keyColumn: "key_id"); // the values themselves are under data keys
        return builder;
    }

    public static void MapVault(this WebApplication app)
    {
        var vault = app.MapGroup("/api/v1/identity/credentials").WithTags("Credentials").ForRoles("owner", "admin");
        vault.MapGet("/", ListAsync).WithName("ListCredentials");
        vault.MapPost("/", StoreCredential.HandleAsync).WithName("StoreCredential"); // no idempotency key: a repeat is refused by its name
        vault.MapPut("/{id}/value", ReplaceCredential.HandleAsync).WithName("ReplaceCredential");
        vault.MapDelete("/{id}", RemoveCredential.HandleAsync).WithName("RemoveCredential");
    }

    private static async Task<Ok<Page<CredentialView>>> ListAsync([AsParameters] PageRequest page, Caller caller, Database db, TimeProvider clock, CancellationToken ct)
    {
        var after = page.After<(string Provider, string Name)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await CredentialTable.ListAsync(work, after, page.Fetch, ct);
        return TypedResults.Ok(page.ToPage(rows, row => (row.Provider, row.Name)).Select(credential => CredentialView.Of(credential, clock.GetUtcNow())));
    }
}

/// <param name="LastFour">The end of the value; empty where it is short.</param>
/// <param name="AgeDays">Whole days since this value was set.</param>
/// <param name="KeyId">The installation's key that guards it.</param>
/// <example>{"id": "cred_0199f3a17c5b7d3e8a4b5c6d7e8f9016", "name": "main", "provider": "shopify", "class": "platform", "last_four": "9f3c", "age_days": 12, "set_at": "2026-03-02T08:00:00+00:00", "last_used_at": null, "key_id": "5f2c9a10", "created_by": "user:0199f3a17c5b7d3e8a4b5c6d7e8f9012"}</example>
public sealed record CredentialView(
    string Id, string Name, string Provider, string Class, string LastFour, int AgeDays, DateTimeOffset SetAt, DateTimeOffset? LastUsedAt, string KeyId, string CreatedBy)
{
    internal static CredentialView Of(Credential c, DateTimeOffset now) => new(
        PublicId.Format("cred", c.Id), c.Name, c.Provider, c.Class, c.LastFour, Math.Max((int)(now - c.SetAt).TotalDays, 0), c.SetAt, c.LastUsedAt, c.KeyId, c.CreatedBy);
}
