using System.Net;
using System.Threading.RateLimiting;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Empire.Http;

/// <summary>How calls to one provider fail well. From the outside in: a limit on calls at once, the total time, repeats of what is safe to repeat, a circuit that
/// opens when half the calls fail, the time of one attempt. Shared by all calls of the process, so that the circuit sees them all.</summary>
internal sealed class ProviderResilience : IDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private const int Repeats = 3;

    /// <summary>A provider that asks for a longer pause gets it from whoever planned the call, not from a thread that waits.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    private readonly ConcurrencyLimiter limiter;

    public ProviderResilience(string provider, ProviderOptions options)
    {
        Provider = provider;
        limiter = new(new() { PermitLimit = options.Concurrency, QueueLimit = options.Concurrency, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
        // On the machine's clock, whatever TimeProvider the service lives by: these are times on the wire.
        Pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>()
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
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is HttpRequestException or TimeoutRejectedException || attempt.Outcome.Result is { StatusCode: >= HttpStatusCode.InternalServerError }),
            })
            .AddTimeout(options.AttemptTimeout)
            .Build();
    }

    public string Provider { get; }
    public ResiliencePipeline<HttpResponseMessage> Pipeline { get; }

    /// <summary>A turn among the calls at once; not acquired where the queue is full too.</summary>
    public ValueTask<RateLimitLease> EnterAsync(CancellationToken ct) => limiter.AcquireAsync(1, ct);

    public void Dispose() => limiter.Dispose();

    private static bool MayHeal(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException or TimeoutRejectedException
        || outcome.Result?.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or (>= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented);

    private static TimeSpan WaitFor(Outcome<HttpResponseMessage> outcome) => ProviderException.RetryAfterOf(outcome.Result) ?? TimeSpan.Zero;
}
