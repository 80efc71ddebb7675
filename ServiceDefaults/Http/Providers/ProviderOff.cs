using Empire.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Empire;

/// <summary>How a provider that is switched off is told of.</summary>
public static class ProviderOff
{
    /// <summary>As an answer: 501 <c>PROVIDER_OFF</c>.</summary>
    public static Refusal Refusal(string provider) =>
        new("provider-off", $"{provider} is switched off in this installation, so that nothing can be asked of it. Whoever runs the installation switches it on by giving its key.");

    /// <summary>Refuses calls that would come to nothing, before they leave anything behind: 501 <c>PROVIDER_OFF</c>.</summary>
    /// <param name="provider">Its name in settings.</param>
    public static TBuilder NeedsProvider<TBuilder>(this TBuilder endpoints, string provider) where TBuilder : IEndpointConventionBuilder =>
        endpoints.AddEndpointFilter(async (context, next) =>
            context.HttpContext.RequestServices.GetServices<RegisteredProvider>().Any(one => one.Name == provider && one.Options.Off)
                ? Refusal(provider).ToProblem(StatusCodes.Status501NotImplemented)
                : await next(context));
}
