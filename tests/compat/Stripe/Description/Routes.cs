using System.Reflection;

namespace Stripe.Tests.Description;

/// <summary>Where a call goes, without a server: a client that keeps the request and refuses to go on.</summary>
public static class Routes
{
    public static (string Method, string Path) Of(MethodInfo call)
    {
        var sink = new Sink();
        var refused = Assert.Throws<AggregateException>(() => Calls.InvokeAsync(call, new StripeClient("sk_test_1", httpClient: sink), 0).Wait(TimeSpan.FromSeconds(10)));
        Assert.IsType<NotSupportedException>(refused.InnerException);
        return (sink.Request!.Method.Method, sink.Request.Uri.AbsolutePath);
    }

    sealed class Sink : IHttpClient
    {
        public StripeRequest? Request { get; private set; }

        public Task<StripeResponse> MakeRequestAsync(StripeRequest request, CancellationToken cancellationToken = default)
        {
            Request = request;
            throw new NotSupportedException("Only the address is wanted.");
        }

        public Task<StripeStreamedResponse> MakeStreamingRequestAsync(StripeRequest request, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
