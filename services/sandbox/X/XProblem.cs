namespace Empire.Sandbox.X;

/// <summary>Errors as X writes them: problem JSON with <c>title</c>, <c>detail</c>, <c>type</c>.</summary>
public static class XProblem
{
    public static IResult Unauthorized() => Problem(401, "Unauthorized", "Unauthorized", "about:blank");
    public static IResult TooManyRequests() => Problem(429, "Too Many Requests", "Too Many Requests", "about:blank");
    public static IResult Forbidden(string detail) => Problem(403, "Forbidden", detail, "about:blank");

    /// <param name="parameter">The query or body field that is wrong.</param>
    public static IResult Invalid(string parameter, string value, string message) => Results.Json(new
    {
        errors = new[] { new { message, parameters = new Dictionary<string, string[]> { [parameter] = [value] } } },
        title = "Invalid Request",
        detail = "One or more parameters to your request was invalid.",
        type = "https://api.x.com/2/problems/invalid-request",
        status = 400,
    }, SandboxSetup.Json, "application/problem+json", 400);

    /// <summary>X answers 200 with only an <c>errors</c> list for a post that does not exist.</summary>
    public static IResult PostNotFound(string id) => Results.Json(new
    {
        errors = new[]
        {
            new
            {
                value = id,
                detail = $"Could not find post with id: [{id}].",
                title = "Not Found Error",
                resource_type = "post",
                parameter = "id",
                resource_id = id,
                type = "https://api.x.com/2/problems/resource-not-found",
            },
        },
    }, SandboxSetup.Json);

    static IResult Problem(int status, string title, string detail, string type) =>
        Results.Json(new { title, detail, type, status }, SandboxSetup.Json, "application/problem+json", status);
}
