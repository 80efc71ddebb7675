using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.HealthChecks.Internal;

/// <summary>Answers with the host's health checks.</summary>
sealed class HealthChecksService(
    HealthServiceImpl statuses, HealthCheckService checks, IOptions<GrpcHealthChecksOptions> options, IHostApplicationLifetime lifetime)
    : Health.V1.Health.HealthBase
{
    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        if (!options.Value.UseHealthChecksCache) await RunAsync(request.Service, context.CancellationToken);
        return await statuses.Check(request, context);
    }

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        if (!options.Value.UseHealthChecksCache) await RunAsync(request.Service, context.CancellationToken);
        var watch = statuses.Watch(request, responseStream, context);
        if (options.Value.SuppressCompletionOnShutdown) await watch;
        else await EndedOrStopping(watch);
    }

    async Task EndedOrStopping(Task watch)
    {
        try
        {
            await watch.WaitAsync(lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException) when (!watch.IsCompleted)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The server is stopping."));
        }
    }

    async Task RunAsync(string name, CancellationToken ct)
    {
        if (!options.Value.Services.TryGetValue(name, out var service)) return;
        var report = await checks.CheckHealthAsync(check => service.HealthCheckPredicate(new(check.Name, check.Tags)), ct);
        statuses.SetStatus(name, HealthReports.StatusOf(service, report));
    }
}
