namespace Stripe;

/// <summary>Carries requests to Stripe and answers back, whatever their status.</summary>
public interface IHttpClient
{
    Task<StripeResponse> MakeRequestAsync(StripeRequest request, CancellationToken cancellationToken = default);

    /// <summary>As above, but the body is not read into memory; whoever asked disposes it.</summary>
    Task<StripeStreamedResponse> MakeStreamingRequestAsync(StripeRequest request, CancellationToken cancellationToken = default);
}
