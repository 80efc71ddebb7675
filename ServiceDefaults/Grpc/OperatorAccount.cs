using Empire.Contracts.V1;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Empire;

/// <summary>The account that runs this installation: its keys and its accounts elsewhere are those in the settings. Identity is asked once per process, since the account never changes.</summary>
public sealed class OperatorAccount(Identity.IdentityClient identity, ServiceCalls calls)
{
    private Known? known;

    /// <returns>Null while nobody runs this installation yet.</returns>
    /// <exception cref="RpcException">Identity is out of reach.</exception>
    public async Task<TenantId?> FindAsync(CancellationToken ct)
    {
        if (Volatile.Read(ref known) is { } told) return told.Tenant;
        try
        {
            var tenant = new TenantId(Guid.Parse((await identity.GetOperatorAsync(new(), calls.For(default(TenantId), ct))).TenantId));
            Volatile.Write(ref known, new(tenant));
            return tenant;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc cref="FindAsync" path="/exception"/>
    public async Task<bool> IsAsync(TenantId tenant, CancellationToken ct) => await FindAsync(ct) == tenant;

    private sealed record Known(TenantId Tenant);
}

public static class OperatorAccountExtensions
{
    /// <summary>Registers <see cref="OperatorAccount"/>, and identity's client where it is not there yet; the application model must refer the service to identity.</summary>
    public static void AddOperatorAccount(this IHostApplicationBuilder builder)
    {
        if (builder.Services.All(service => service.ServiceType != typeof(Identity.IdentityClient))) builder.AddServiceClient<Identity.IdentityClient>("identity");
        builder.Services.TryAddSingleton<OperatorAccount>();
    }
}
