using Empire.Data;
using Empire.Http;

namespace Empire.Identity.Members;

public static class ListMembers
{
    public sealed record Item(string Id, string Email, string? Name, string Role, DateTimeOffset MemberSince, DateTimeOffset? LastLogin)
    {
        internal static Item From(Member member) => new(PublicId.Format("usr", member.Id), member.Email, member.Name, member.Role, member.CreatedAt, member.LastLoginAt);
    }

    public sealed record Response(IReadOnlyList<Item> Data);

    public static async Task<Response> HandleAsync(Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await MemberTable.BeginAsync(db, caller.Tenant, ct);
        return new([.. (await MemberTable.ListAsync(work, ct)).Select(Item.From)]);
    }
}
