using Empire.Http;
using Microsoft.AspNetCore.Builder;

namespace Empire.Http
{
    /// <summary>Endpoint metadata: who may call.</summary>
    internal sealed record RequiredRoles(IReadOnlyList<string> Allowed)
    {
        /// <summary>Everyone.</summary>
        public static IReadOnlyList<string> All { get; } = ["owner", "admin", "member", "viewer", "service"];

        /// <summary>Who may change things where an endpoint says nothing of roles: everyone but viewers.</summary>
        public static IReadOnlyList<string> Writers { get; } = [.. All.Where(role => role != "viewer")];
    }
}

namespace Empire
{
    public static class RequiredRolesExtensions
    {
        /// <summary>Only callers of one of these roles; others get 403. Without it every authenticated role may read, and every role but viewer may change things.</summary>
        /// <param name="roles">owner, admin, member, viewer, service.</param>
        public static TBuilder ForRoles<TBuilder>(this TBuilder endpoints, params string[] roles) where TBuilder : IEndpointConventionBuilder =>
            endpoints.WithMetadata(new RequiredRoles(roles));

        /// <summary>Viewers too may change what this changes: it is their own and not the account's, as a password.</summary>
        public static TBuilder ForEveryone<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder =>
            endpoints.WithMetadata(new RequiredRoles(RequiredRoles.All));
    }
}
