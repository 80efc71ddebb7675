using Empire.Gateway.Routing;
using Empire.Http;

namespace Empire.Gateway.Authentication;

/// <summary>Lets a proxied request pass when its route needs no key or its key is good, and signs who is calling for the service behind.</summary>
internal sealed class AuthenticateKey(RequestDelegate next, Authenticator authenticator)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (RoutingExtensions.AccessOf(context.GetReverseProxyFeature().Route.Config) is Access.Key)
        {
            if (await authenticator.AuthenticateAsync(context) is not { } identity) return;   // answered already
            context.Request.Headers[CallerToken.Header] = identity.Token;
            context.Request.Headers.Authorization = default;   // the key ends here
            context.Request.Headers.Remove(Authenticator.KeyHeader);
        }
        await next(context);
    }
}
