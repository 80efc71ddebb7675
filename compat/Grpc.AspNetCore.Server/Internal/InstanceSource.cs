using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Gives the instances of a service or of an interceptor, one per call: the container's own where it knows the type, and otherwise a new one
/// that gets its dependencies from the container and is disposed after the call.</summary>
sealed class InstanceSource<T> where T : class
{
    readonly Type type;
    readonly object[] arguments;
    readonly ObjectFactory factory;

    public InstanceSource(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type, IReadOnlyList<object> arguments)
    {
        this.type = type;
        this.arguments = [.. arguments];
        factory = ActivatorUtilities.CreateFactory(type, [.. arguments.Select(argument => argument.GetType())]);
    }

    public Lease Take(IServiceProvider services)
    {
        if (arguments.Length == 0 && services.GetService(type) is T known) return new(known, IsOwned: false);
        return new((T)factory(services, arguments), IsOwned: true);
    }

    public readonly record struct Lease(T Instance, bool IsOwned) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            if (!IsOwned) return default;
            if (Instance is IAsyncDisposable asyncDisposable) return asyncDisposable.DisposeAsync();
            (Instance as IDisposable)?.Dispose();
            return default;
        }
    }
}
