namespace Empire.Identity.Keys;

public static class KeyEndpoints
{
    public static void MapKeys(this WebApplication app)
    {
        var keys = app.MapGroup("/api/v1/identity/keys").WithTags("API keys");
        keys.MapGet("/", ListKeys.HandleAsync).WithName("ListApiKeys");
        keys.MapPost("/", CreateKey.HandleAsync).WithName("CreateApiKey"); // no idempotency key: its stored answer would hold the secret
        keys.MapDelete("/{id}", RevokeKey.HandleAsync).WithName("RevokeApiKey");
    }
}
