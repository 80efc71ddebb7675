using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Empire.Http;

/// <summary>Sends a request through the provider's resilience; every failure leaves it as a <see cref="ProviderException"/>.</summary>
internal sealed class ProviderHandler(ProviderResilience resilience) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (resilience.Off) throw ProviderException.SwitchedOff(resilience.Provider); // before its turn, its circuit and its standing: nothing has failed
        var call = new ProviderCall(request);
        using var turn = await resilience.EnterAsync(cancellationToken);
        if (!turn.IsAcquired) throw Failed(call, "too many calls are waiting already", null);
        if (call.MayRepeat && request.Content is { } content) await content.LoadIntoBufferAsync(cancellationToken);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        call.AttachTo(context);
        try
        {
            return await resilience.PipelineOf(call.Circuit).ExecuteAsync(
                static async (context, handler) => await handler.AttemptAsync(ProviderCall.Of(context), context.CancellationToken), context, this);
        }
        catch (BrokenCircuitException e)
        {
            throw Failed(call, "its circuit is open after repeated failures", e, e.RetryAfter);
        }
        catch (TimeoutRejectedException e)
        {
            throw Failed(call, $"no answer within {e.Timeout.TotalSeconds:0.#} s", e);
        }
        catch (HttpRequestException e)
        {
            throw Failed(call, e.Message, e);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<HttpResponseMessage> AttemptAsync(ProviderCall call, CancellationToken ct)
    {
        try
        {
            var response = await base.SendAsync(call.Request, ct);
            call.Sent = true;
            if (call.Circuit is null && (response.IsSuccessStatusCode || response.StatusCode is HttpStatusCode.Unauthorized)) resilience.Standing.Answered(keyRefused: !response.IsSuccessStatusCode);
            return response;
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            throw; // no connection was made, so nothing was sent
        }
        catch
        {
            call.Sent = true;
            throw;
        }
    }

    private ProviderException Failed(ProviderCall call, string detail, Exception? inner, TimeSpan? retryAfter = null) =>
        new(resilience.Provider, null, detail, inner) { NotSent = !call.Sent, RetryAfter = retryAfter };
}
