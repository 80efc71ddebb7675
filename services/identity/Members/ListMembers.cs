using Empire.Data;
using Empire.Http;

namespace Empire.Identity.Members;

public static class ListMembers
{
    /// <example>{"id": "usr_0199f3a17c5b7d3e8a4b5c6d7e8f9043", "email": "grace@example.com", "name": "Grace", "role": "member", "member_since": "2026-03-02T08:00:00+00:00", "last_login": null}</example>
    public sealed record Item(string Id, string Email, string? Name, string Role, DateTimeOffset MemberSince, DateTimeOffset? LastLogin)
    {
        internal static Item From(Member member) => new(PublicId.Format("usr", member.Id), member.Email, member.Name, member.Role, member.CreatedAt, member.LastLoginAt);
    }

    /// <example>{"data": [{"id": "usr_0199f3a17c5b7d3e8a4b5c6d7e8f9012", "email": "ada@example.com", "name": "Ada", "role": "owner", "member_since": "2026-01-30T08:00:00+00:00",
    /// "last_login": "2026-03-02T07:58:00+00:00"}, {"id": "usr_0199f3a17c5b7d3e8a4b5c6d7e8f9043", "email": "grace@example.com", "name": "Grace", "role": "member",
    /// "member_since": "2026-03-02T08:00:00+00:00", "last_login": null}]}</example>
    public sealed record Response(IReadOnlyList<Item> Data);

    public static async Task<Response> HandleAsync(Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await MemberTable.BeginAsync(db, caller.Tenant, ct);
        return new([.. (await MemberTable.ListAsync(work, ct)).Select(Item.From)]);
    }
}
