using Empire.Contracts;
using Empire.Data;
using Empire.Identity.Admission;
using Empire.Identity.Bounds;
using Empire.Identity.Invites;
using Empire.Identity.Keys;
using Empire.Identity.Owner;
using Empire.Identity.Tenants;
using Empire.Security;
using Microsoft.Extensions.Options;

namespace Empire.Identity.People;

/// <summary>One sign-up, whichever door it came through: the person, an account of their own, their place in it, and what is to be told, all or nothing.</summary>
public sealed class AccountOpening(Database db, Sealer sealer, IOptions<BoundsOptions> bounds, TimeProvider clock)
{
    /// <param name="PasswordHash">Null: chosen later, by the link of a mail.</param>
    /// <param name="WithKey">Also makes a first key.</param>
    /// <param name="ReferralCode">Of who sent them; payments knows whose it is.</param>
    public sealed record Application(string Email, string? Name, string? PasswordHash, string? Invite, bool WithKey, string? ReferralCode = null);

    /// <param name="Role">admin for the first person of an installation without an operator, otherwise user.</param>
    /// <param name="ApiKey">Null where none was asked for.</param>
    public sealed record Opened(Guid User, TenantId Tenant, string Role, string? ApiKey);

    /// <returns>The refusal <see cref="Taken"/> when somebody has the address; any other refusal says why nobody gets in this way. Who brings no good invite is told that, whoever has the address.</returns>
    public async Task<(Opened? Account, Refusal? Refusal)> OpenAsync(Application application, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await db.BeginSystemAsync(ct);
        if (application.Invite is null && await PrivateMode.IsOnAsync(work, ct)) return (null, InviteNeeded);
        // Before the address: whether somebody has it is not for those whom nobody has invited.
        if (application.Invite is { } invite && await InviteTable.JudgeAsync(work, invite, application.Email, now, ct) is { } unwanted) return (null, unwanted);
        var first = await IsFirstAsync(work, ct);
        var (user, role) = (Guid.CreateVersion7(now), first ? "admin" : "user");
        if (!await UserTable.AddAsync(work, user, application.Email, application.Name, application.PasswordHash, role, now, ct)) return (null, Taken);
        if (application.Invite is not null && await InviteTable.RedeemAsync(work, application.Invite, user, bounds.Value.Members, now, ct) is { } refusal) return (null, refusal);   // of two at once, one was too late

        await work.ActForAsync(TenantId.New(now), ct);
        var name = application.Name ?? application.Email.Split('@')[0];
        await TenantTable.AddAsync(work, name, "free", OwnerOptions.DefaultTimeZone, isOperator: first, now, ct);
        await work.ExecuteAsync("insert into memberships (tenant_id, user_id, role, created_at) values (@Tenant, @user, 'owner', @now)", new { work.Tenant, user, now }, ct);
        var key = application.WithKey ? await FirstKeyAsync(work, user, now, ct) : null;
        var token = await OneTimeTokenTable.IssueAsync(work, user, OneTimeTokenTable.VerifyEmail, now, ct);
        work.Publish(new CustomerSignedUp
        {
            TenantId = work.Tenant.Value,
            UserId = user,
            Email = application.Email,
            SealedApiKey = key is null ? null : sealer.Seal(key, "mail:api-key"),
            SealedVerificationToken = sealer.Seal(token, "mail:verification"),
            ReferralCode = application.ReferralCode,
            OccurredAt = now,
        });
        work.Audit("person.signed-up", "person", PublicId.Format("usr", user), new { role, invited = application.Invite is not null });
        await work.CommitAsync(ct);
        return (new(user, work.Tenant, role, key), null);
    }

    public static Refusal Taken { get; } = new("email-taken", "There is an account with this address. Sign in, or ask for a new password.");

    private static readonly Refusal InviteNeeded = new("invite-required", "This installation is private: signing up needs an invite.");

    /// <summary>Normally false: the owner named in the configuration is there from the first start. Two first ones at once take turns here.</summary>
    private static async Task<bool> IsFirstAsync(Work work, CancellationToken ct)
    {
        const string Ownerless = "select not exists (select from tenants where is_operator)";
        if (!await work.QuerySingleAsync<bool>(Ownerless, ct: ct)) return false;
        await work.ExecuteAsync(OwnerAccount.Turn, ct: ct);
        return await work.QuerySingleAsync<bool>(Ownerless, ct: ct);
    }

    private static async Task<string> FirstKeyAsync(Work work, Guid user, DateTimeOffset now, CancellationToken ct)
    {
        string key;
        do key = ApiKey.Generate();
        while (!await ApiKeyTable.AddAsync(work, Guid.CreateVersion7(now), "first key", key, "owner", Roles.ActorOf(user), now, ct));
        return key;
    }
}
