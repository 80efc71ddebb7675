using Empire.Http;

namespace Empire.Gateway.Authentication;

/// <summary>Caller and address are signed here and nowhere outside: what a client sends under their names is dropped, however well it is signed.</summary>
internal sealed class ForgetClaimedCaller(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        context.Request.Headers.Remove(CallerToken.Header);
        context.Request.Headers.Remove(ClientAddress.Header);
        return next(context);
    }
}
