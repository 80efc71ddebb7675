namespace Empire.Identity.Members;

public static class MemberEndpoints
{
    public static void MapMembers(this WebApplication app)
    {
        var members = app.MapGroup("/api/v1/identity/members").WithTags("Members");
        members.MapGet("/", ListMembers.HandleAsync).WithName("ListMembers");
        members.MapPost("/", AddMember.HandleAsync).WithName("AddMember").WithIdempotencyKey();
        members.MapPatch("/{id}", ChangeMemberRole.HandleAsync).WithName("ChangeMemberRole");
        members.MapDelete("/{id}", RemoveMember.HandleAsync).WithName("RemoveMember").ForEveryone();
    }
}
