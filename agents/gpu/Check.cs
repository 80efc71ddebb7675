using System.Net;
using System.Net.Sockets;
using Empire.Contracts.V1;
using Empire.GpuAgent.Readings;
using Empire.GpuAgent.Sending;
using Grpc.Core;

namespace Empire.GpuAgent;

/// <summary>--check: is everything there that the agent needs? A line for each, and what to do about those that fail.</summary>
internal sealed class Check(AgentSettings settings, IGpuReader reader, TimeProvider clock, TextWriter output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private bool failed;

    /// <returns>0 when samples can be read and sent, otherwise 1.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        Say(true, "settings", $"interval {settings.Interval.TotalSeconds:0} s, key of the right form");
        await GpusAsync(ct);
        Folder();
        if (!await StreamAsync(ct)) await HttpAsync(ct);
        return failed ? 1 : 0;
    }

    private async Task GpusAsync(CancellationToken ct)
    {
        try
        {
            var samples = await reader.ReadAsync(ct);
            Say(samples.Count > 0, "GPUs", samples.Count > 0 ? $"{samples.Count} by {reader.Description}, the first is {samples[0].GpuName}" : $"{reader.Description} sees none");
            foreach (var gpu in reader.Unread) output.WriteLine($"note  GPUs      GPU {gpu.Index} cannot be read: {gpu.Why}");
        }
        catch (GpusUnavailableException e)
        {
            Say(false, "GPUs", $"{e.Message}. Install the NVIDIA driver, 470 or later");
        }
    }

    private void Folder()
    {
        var probe = Path.Combine(settings.Folder, $".check-{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(settings.Folder);
            File.WriteAllText(probe, "");
            File.Delete(probe);
            Say(true, "spool", settings.Folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Say(false, "spool", $"{e.Message} Run as the account of the service, or set GPU_OPTIMIZER_SPOOL");
        }
    }

    /// <returns>False where HTTP is worth a try.</returns>
    private async Task<bool> StreamAsync(CancellationToken ct)
    {
        using var channel = GrpcWay.Connect(settings.GrpcServer);
        try
        {
            // The number of nobody: the greeting stores nothing.
            using var call = new Ingest.IngestClient(channel).Stream(GrpcWay.HeadersOf(settings.ApiKey), (clock.GetUtcNow() + Patience).UtcDateTime, ct);
            await call.RequestStream.WriteAsync(new() { AgentId = Guid.CreateVersion7(clock.GetUtcNow()).ToString() }, ct);
            if (!await call.ResponseStream.MoveNext(ct)) throw new RpcException(new(StatusCode.Unknown, "the server closed the stream"));
            await call.RequestStream.CompleteAsync();
            Say(true, "server", $"{settings.GrpcServer} answers gRPC");
            Say(true, "key", "accepted");
            if (call.ResponseStream.Current.OutcomeCase is BatchReply.OutcomeOneofCase.None) output.WriteLine("note  server    takes no samples just now; they are kept until it does");
            return true;
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unauthenticated or StatusCode.PermissionDenied)
        {
            Say(true, "server", $"{settings.GrpcServer} answers gRPC");
            Say(false, "key", $"not accepted: {e.Status.Detail}");
            return true;
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException && !ct.IsCancellationRequested)
        {
            output.WriteLine($"note  gRPC      {settings.GrpcServer} does not answer it ({(e is RpcException rpc ? rpc.Status.Detail : e.Message)}); HTTP is slower, and enough");
            return false;
        }
    }

    private async Task HttpAsync(CancellationToken ct)
    {
        using var http = new HttpClient { Timeout = Patience };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(settings.Server, "api/gpu/current"));
        request.Headers.Authorization = new("Bearer", settings.ApiKey);
        try
        {
            using var response = await http.SendAsync(request, ct);
            Say(true, "server", $"{settings.Server} answers HTTP");
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) Say(false, "key", $"not accepted: {(int)response.StatusCode}");
            else if (response.IsSuccessStatusCode) Say(true, "key", "accepted");
            else Say(false, "key", $"{settings.Server} answers {(int)response.StatusCode}: is it Empire's gateway?");
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            Say(false, "server", $"{settings.Server} does not answer: {e.Message} Check GPU_OPTIMIZER_SERVER_URL and the firewall");
        }
    }

    private void Say(bool good, string what, string words)
    {
        failed |= !good;
        output.WriteLine($"{(good ? "pass" : "FAIL")}  {what,-8}  {words}");
    }
}
