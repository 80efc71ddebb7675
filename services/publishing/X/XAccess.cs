using Grpc.Core;

namespace Empire.Publishing.X;

/// <summary>Who may post to the account on X that this installation holds. It is the operator's: what others post there, X charges to the operator and may ban the operator for.</summary>
public sealed class XAccess(OperatorAccount installation, [FromKeyedServices(XSetup.Provider)] XOptions options)
{
    /// <returns>Null when the tenant may post. Nobody may where X is switched off.</returns>
    /// <exception cref="RpcException">Identity is out of reach, so that nobody knows.</exception>
    public async Task<Refusal?> CheckAsync(TenantId tenant, CancellationToken ct) =>
        options.Off ? ProviderOff.Refusal(XSetup.Provider)
        : options.Shared || await installation.IsAsync(tenant, ct) ? null
        : new("account-not-connected", "Posting to X needs an account of your own on X. This installation's belongs to whoever runs it, and another cannot be connected yet.");
}
