using System.Collections.Concurrent;
using System.Net;
using System.Threading.RateLimiting;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Empire.Http;

/// <summary>How calls to one provider fail well. From the outside in: a limit on calls at once, the total time, repeats of what is safe to repeat, a circuit that
/// opens when half the calls fail, the time of one attempt. Shared by all calls of the process, so that the circuit sees them all;
/// parts of a provider that fail each for itself have a circuit each.</summary>
internal sealed class ProviderResilience : IDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private const int Repeats = 3;

    /// <summary>A provider that asks for a longer pause gets it from whoever planned the call, not from a thread that waits.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    private const int MostParts = 1_000; // circuits in memory; beyond it they start anew

    private readonly ConcurrencyLimiter limiter;
    private readonly ProviderOptions options;
    private readonly ResiliencePipeline<HttpResponseMessage> whole;
    private readonly ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>> parts = new(StringComparer.Ordinal);

    public ProviderResilience(string provider, ProviderOptions options)
    {
        (Provider, this.options) = (provider, options);
        limiter = new(new() { PermitLimit = options.Concurrency, QueueLimit = options.Concurrency, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
        whole = Build("");
    }

    public string Provider { get; }

    /// <summary>Nothing is sent.</summary>
    public bool Off => options.Off;

    public ProviderStanding Standing { get; } = new(TimeProvider.System);

    /// <param name="part">Null: the provider as a whole.</param>
    public ResiliencePipeline<HttpResponseMessage> PipelineOf(string? part)
    {
        if (part is null) return whole;
        if (parts.Count >= MostParts) parts.Clear();
        return parts.GetOrAdd(part, Build);
    }

    /// <summary>A turn among the calls at once; not acquired where the queue is full too.</summary>
    public ValueTask<RateLimitLease> EnterAsync(CancellationToken ct) => limiter.AcquireAsync(1, ct);

    public void Dispose() => limiter.Dispose();

    /// <summary>On the machine's clock, whatever TimeProvider the service lives by: these are times on the wire.</summary>
    private ResiliencePipeline<HttpResponseMessage> Build(string circuit) =>
        new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddTimeout(options.TotalTimeout)
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = Repeats,
                Delay = FirstDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                MaxDelay = LongestDelay,
                ShouldHandle = retry => ValueTask.FromResult(ProviderCall.Of(retry.Context).MayRepeat && MayHeal(retry.Outcome) && WaitFor(retry.Outcome) <= LongestDelay),
                DelayGenerator = retry => ValueTask.FromResult(WaitFor(retry.Outcome) is { Ticks: > 0 } wait ? wait : (TimeSpan?)null),
                OnRetry = retry =>
                {
                    retry.Outcome.Result?.Dispose();
                    return ValueTask.CompletedTask;
                },
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = 0.5,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = TimeSpan.FromSeconds(15),
                OnOpened = _ => { Standing.Opened(circuit); return ValueTask.CompletedTask; },
                OnClosed = _ => { Standing.Closed(circuit); return ValueTask.CompletedTask; },
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is HttpRequestException or TimeoutRejectedException || attempt.Outcome.Result is { StatusCode: >= HttpStatusCode.InternalServerError }),
            })
            .AddTimeout(options.AttemptTimeout)
            .Build();

    private static bool MayHeal(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException or TimeoutRejectedException
        || outcome.Result?.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or (>= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented);

    private static TimeSpan WaitFor(Outcome<HttpResponseMessage> outcome) => ProviderException.RetryAfterOf(outcome.Result) ?? TimeSpan.Zero;
}
