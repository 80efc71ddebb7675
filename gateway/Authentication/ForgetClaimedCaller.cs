using Empire.Http;

namespace Empire.Gateway.Authentication;

/// <summary>The caller token is made here and nowhere outside: one that a client sends is dropped, however well it is signed.</summary>
internal sealed class ForgetClaimedCaller(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        context.Request.Headers.Remove(CallerToken.Header);
        return next(context);
    }
}
