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
public sealed record AccessControlView(string Id, string? UserId, string ControlType, string ControlValue, bool IsActive, string CreatedBy, DateTimeOffset CreatedAt)
{
    internal static AccessControlView Of(AccessControl control) => new(
        control.PublicId, control.UserId is { } user ? PublicId.Format("usr", user) : null, control.ControlType, control.ControlValue, control.IsActive, control.CreatedBy, control.CreatedAt);
}
