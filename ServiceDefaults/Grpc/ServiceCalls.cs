using Empire.Hosting;
using Empire.Http;
using Grpc.Core;

namespace Empire;

/// <summary>What every gRPC call between services carries: who asks, signed, and until when the answer is of use.</summary>
public sealed class ServiceCalls(CallerToken tokens, ThisService service)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>In this service's own name, on behalf of a tenant; 30 s.</summary>
    public CallOptions For(TenantId tenant, CancellationToken ct) => For(tenant, Patience, ct);

    /// <param name="deadline">From now until the call fails with DeadlineExceeded.</param>
    public CallOptions For(TenantId tenant, TimeSpan deadline, CancellationToken ct) =>
        Signed(new(tenant, $"service:{service.Name}", "service"), deadline, ct);

    /// <summary>In the name of whoever asked us, so that the other service's audit log names them; 30 s.</summary>
    public CallOptions For(Caller caller, CancellationToken ct) => Signed(caller, Patience, ct);

    /// <summary>The deadline is on the machine's clock: it is a time on the wire.</summary>
    private CallOptions Signed(Caller caller, TimeSpan deadline, CancellationToken ct) =>
        new(new Metadata { { CallerToken.Header, tokens.Sign(caller) } }, TimeProvider.System.GetUtcNow().Add(deadline).UtcDateTime, ct);
}
