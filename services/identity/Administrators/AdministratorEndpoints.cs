namespace Empire.Identity.Administrators;

public static class AdministratorEndpoints
{
    public static void MapAdministrators(this WebApplication app)
    {
        var users = app.MapGroup("/admin/users").WithTags("Administration");
        users.MapGet("/", ListUsers.HandleAsync).WithName("ListUsers");
        users.MapPatch("/{id}", ChangeUserRole.HandleAsync).WithName("ChangeUserRole");
    }
}
