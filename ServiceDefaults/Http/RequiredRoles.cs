using Empire.Http;
using Microsoft.AspNetCore.Builder;

namespace Empire.Http
{
    /// <summary>Endpoint metadata: who may call.</summary>
    internal sealed record RequiredRoles(IReadOnlyList<string> Allowed);
}

namespace Empire
{
    public static class RequiredRolesExtensions
    {
        /// <summary>Only callers of one of these roles; others get 403. Without it every authenticated role may call.</summary>
        /// <param name="roles">owner, admin, member, viewer, service.</param>
        public static TBuilder ForRoles<TBuilder>(this TBuilder endpoints, params string[] roles) where TBuilder : IEndpointConventionBuilder =>
            endpoints.WithMetadata(new RequiredRoles(roles));
    }
}
