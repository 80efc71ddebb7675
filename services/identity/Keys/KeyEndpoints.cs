namespace Empire.Identity.Keys;

public static class KeyEndpoints
{
    internal static Refusal TooMuch { get; } = new("forbidden", "A key makes no key that may do more than itself.");

    public static void MapKeys(this WebApplication app)
    {
        var keys = app.MapGroup("/api/v1/identity/keys").WithTags("API keys");
        keys.MapGet("/", ListKeys.HandleAsync).WithName("ListApiKeys");
        keys.MapPost("/", CreateKey.HandleAsync).WithName("CreateApiKey"); // no idempotency key: its stored answer would hold the secret
        keys.MapPost("/{id}/rotate", RotateKey.HandleAsync).WithName("RotateApiKey");
        keys.MapPatch("/{id}", RenameKey.HandleAsync).WithName("RenameApiKey");
        keys.MapDelete("/{id}", RevokeKey.HandleAsync).WithName("RevokeApiKey");
    }
}
