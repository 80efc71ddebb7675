namespace Empire.Identity.Access;

public static class AccessControlEndpoints
{
    public static void MapAccessControls(this WebApplication app)
    {
        Map(app.MapGroup("/api/v1/identity/access-controls"), "");
        Map(app.MapGroup("/admin/access-controls"), "Admin");
    }

    private static void Map(RouteGroupBuilder controls, string alias)
    {
        controls.WithTags("Access controls").ForRoles("owner", "admin");
        controls.MapGet("/", ListAccessControls.HandleAsync).WithName($"{alias}ListAccessControls");
        controls.MapPost("/", CreateAccessControl.HandleAsync).WithName($"{alias}CreateAccessControl").WithIdempotencyKey();
        controls.MapPatch("/{id}", ChangeAccessControl.HandleAsync).WithName($"{alias}ChangeAccessControl");
        controls.MapDelete("/{id}", RemoveAccessControl.HandleAsync).WithName($"{alias}RemoveAccessControl");
    }
}

/// <param name="UserId">For this person alone; null: for the whole account.</param>
/// <param name="HoldsForOwners">False of a white list that an admin set: no owner, and no key of the role owner, is shut out by it.</param>
/// <example>{"id": "acc_0199f3a17c5b7d3e8a4b5c6d7e8f9015", "user_id": null, "control_type": "session_timeout", "control_value": "900", "is_active": true, "holds_for_owners": true, "created_by": "user:0199f3a17c5b7d3e8a4b5c6d7e8f9012", "created_at": "2026-03-02T08:00:00+00:00"}</example>
public sealed record AccessControlView(string Id, string? UserId, string ControlType, string ControlValue, bool IsActive, bool HoldsForOwners, string CreatedBy, DateTimeOffset CreatedAt)
{
    internal static AccessControlView Of(AccessControl control) => new(
        control.PublicId, control.UserId is { } user ? PublicId.Format("usr", user) : null, control.ControlType, control.ControlValue, control.IsActive,
        control.ByOwner || control.ControlType != AccessControl.IpWhitelist, control.CreatedBy, control.CreatedAt);
}
