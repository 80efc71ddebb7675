using Empire.Contracts.V1;
using Grpc.Core;

namespace Empire.Acquisition.Accounts;

/// <summary>Who is to be told of an account's own affairs; identity knows.</summary>
public sealed class AccountOwners(Identity.IdentityClient identity, ServiceCalls calls)
{
    /// <summary>A handler waits for it with its transaction open; what asks too long is delivered again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <returns>The addresses of the account's owners; none where it has nobody left.</returns>
    /// <exception cref="RpcException">Identity cannot be asked.</exception>
    public async Task<IReadOnlyList<string>> OfAsync(TenantId tenant, CancellationToken ct) =>
        [.. (await identity.GetOwnersAsync(new(), calls.For(tenant, Patience, ct))).Emails];

    /// <returns>The account that runs this installation.</returns>
    /// <exception cref="RpcException">Identity cannot be asked, or nobody runs it yet.</exception>
    public async Task<TenantId> OperatorAsync(TenantId onBehalfOf, CancellationToken ct) => new(Guid.Parse((await identity.GetOperatorAsync(new(), calls.For(onBehalfOf, Patience, ct))).TenantId));
}
