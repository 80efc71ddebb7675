using System.Threading.Channels;
using Grpc.Core;
using Grpc.Health.V1;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Grpc.HealthCheck;

/// <summary>Serves the statuses that the program sets. The empty service name stands for the server as a whole.</summary>
public class HealthServiceImpl : Health.V1.Health.HealthBase
{
    readonly Lock gate = new();
    readonly Dictionary<string, ServingStatus> statuses = [];
    readonly Dictionary<string, List<ChannelWriter<ServingStatus>>> watchers = [];

    public void SetStatus(string service, ServingStatus status)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (gate)
        {
            if (statuses.TryGetValue(service, out var known) && known == status) return;
            statuses[service] = status;
            Tell(service, status);
        }
    }

    /// <summary>Forgets a service: <c>Check</c> answers NotFound, watchers hear SERVICE_UNKNOWN.</summary>
    public void ClearStatus(string service)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (gate)
        {
            if (statuses.Remove(service)) Tell(service, ServingStatus.ServiceUnknown);
        }
    }

    public void ClearAll()
    {
        lock (gate)
        {
            foreach (var service in statuses.Keys) Tell(service, ServingStatus.ServiceUnknown);
            statuses.Clear();
        }
    }

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        lock (gate)
        {
            return statuses.TryGetValue(request.Service, out var status)
                ? Task.FromResult(new HealthCheckResponse { Status = status })
                : throw new RpcException(new Status(StatusCode.NotFound, $"The service '{request.Service}' is not known here."));
        }
    }

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        // A slow watcher needs the latest status, not every one there was.
        var changes = Channel.CreateBounded<ServingStatus>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        Begin(request.Service, changes.Writer);
        try
        {
            await foreach (var status in changes.Reader.ReadAllAsync(context.CancellationToken))
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status });
        }
        finally
        {
            End(request.Service, changes.Writer);
        }
    }

    void Begin(string service, ChannelWriter<ServingStatus> watcher)
    {
        lock (gate)
        {
            if (!watchers.TryGetValue(service, out var others)) watchers[service] = others = [];
            others.Add(watcher);
            watcher.TryWrite(statuses.GetValueOrDefault(service, ServingStatus.ServiceUnknown));
        }
    }

    void End(string service, ChannelWriter<ServingStatus> watcher)
    {
        lock (gate)
        {
            var others = watchers[service];
            others.Remove(watcher);
            if (others.Count == 0) watchers.Remove(service);
        }
    }

    void Tell(string service, ServingStatus status)
    {
        foreach (var watcher in watchers.GetValueOrDefault(service, [])) watcher.TryWrite(status);
    }
}
