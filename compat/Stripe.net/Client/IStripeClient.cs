namespace Stripe;

/// <summary>Turns calls of the services into requests and answers into objects.</summary>
public interface IStripeClient
{
    /// <summary>Where the API is, without a slash at the end.</summary>
    string ApiBase { get; }
    string ApiKey { get; }
    string ClientId { get; }
    /// <summary>Where OAuth of Connect is.</summary>
    string ConnectBase { get; }
    /// <summary>Where files are uploaded.</summary>
    string FilesBase { get; }

    /// <param name="path">From the root, for instance <c>/v1/customers</c>.</param>
    /// <exception cref="StripeException">Stripe refused, or its answer is not what it should be.</exception>
    /// <exception cref="HttpRequestException">Stripe stayed unreachable after all attempts.</exception>
    Task<T> RequestAsync<T>(HttpMethod method, string path, BaseOptions options, RequestOptions requestOptions, CancellationToken cancellationToken = default)
        where T : IStripeEntity;

    /// <inheritdoc cref="RequestAsync"/>
    Task<Stream> RequestStreamingAsync(HttpMethod method, string path, BaseOptions options, RequestOptions requestOptions, CancellationToken cancellationToken = default);
}
