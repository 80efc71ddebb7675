using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Members;

/// <summary>The account's people, those who have belonged to it for longest first.</summary>
public static class ListMembers
{
    /// <param name="Name">Null too while they have not accepted.</param>
    /// <param name="Pending">They are asked to join and have not accepted: <paramref name="MemberSince"/> is when they were asked.</param>
    /// <param name="LastLogin">Null too while they have not accepted.</param>
    /// <example>{"id": "usr_0199f3a17c5b7d3e8a4b5c6d7e8f9043", "email": "grace@example.com", "name": "Grace", "role": "member", "pending": false, "member_since": "2026-03-02T08:00:00+00:00", "last_login": null}</example>
    public sealed record Item(string Id, string Email, string? Name, string Role, bool Pending, DateTimeOffset MemberSince, DateTimeOffset? LastLogin)
    {
        internal static Item From(Member member) => new(PublicId.Format("usr", member.Id), member.Email, member.Name, member.Role, member.Pending, member.CreatedAt, member.LastLoginAt);
    }

    public static async Task<Ok<Page<Item>>> HandleAsync([AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        await using var work = await MemberTable.BeginAsync(db, caller.Tenant, ct);
        return TypedResults.Ok(page.ToPage(await MemberTable.ListAsync(work, after, page.Fetch, ct), row => (row.CreatedAt, row.Id)).Select(Item.From));
    }
}
