namespace Empire.Identity.Sessions;

/// <summary>Where the browser keeps its session. The prefix <c>__Host-</c> has browsers refuse it without Secure, with a Domain, or from another host.</summary>
public static class SessionCookie
{
    public const string Name = "__Host-empire-session";

    /// <returns>Null where there is none that could be one.</returns>
    public static string? Of(HttpContext context) => context.Request.Cookies[Name] is { } token && SessionToken.IsWellFormed(token) ? token : null;

    /// <summary>Kept until the browser closes; how long it is good for is decided here, not there.</summary>
    public static void Set(HttpContext context, string token) => context.Response.Cookies.Append(Name, token, Attributes());

    public static void Clear(HttpContext context) => context.Response.Cookies.Delete(Name, Attributes());

    private static CookieOptions Attributes() => new() { Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };
}
