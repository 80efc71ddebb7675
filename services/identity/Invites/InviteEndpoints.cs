namespace Empire.Identity.Invites;

public static class InviteEndpoints
{
    internal static Refusal OperatorNeeded { get; } = new("forbidden", "Only an admin of this installation invites people to it.");

    public static void MapInvites(this WebApplication app)
    {
        app.MapPost("/admin/generate-invite", GenerateInvite.HandleAsync).WithName("GenerateInvite").WithTags("Invites"); // no idempotency key: its stored answer would hold the code
        var invites = app.MapGroup("/api/v1/identity/invites").WithTags("Invites");
        invites.MapPost("/", GenerateInvite.HandleAsync).WithName("CreateInvite");
        invites.MapGet("/", ListInvites.HandleAsync).WithName("ListInvites");
        invites.MapDelete("/{id}", RevokeInvite.HandleAsync).WithName("RevokeInvite");
        app.MapGet("/admin/invites", ListInvites.HandleAsync).WithName("AdminListInvites").WithTags("Invites");
    }
}
