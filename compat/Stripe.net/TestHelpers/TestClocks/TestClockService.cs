namespace Stripe.TestHelpers;

public class TestClockService : Service<TestClock>
{
    public TestClockService()
    {
    }

    public TestClockService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/test_helpers/test_clocks";

    /// <summary><c>POST /v1/test_helpers/test_clocks/{id}/advance</c>.</summary>
    public virtual Task<TestClock> AdvanceAsync(string id, TestClockAdvanceOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/advance", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/test_helpers/test_clocks</c>.</summary>
    public virtual Task<TestClock> CreateAsync(TestClockCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>DELETE /v1/test_helpers/test_clocks/{id}</c>.</summary>
    public virtual Task<TestClock> DeleteAsync(string id, TestClockDeleteOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Delete, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/test_helpers/test_clocks/{id}</c>.</summary>
    public virtual Task<TestClock> GetAsync(string id, TestClockGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/test_helpers/test_clocks</c>.</summary>
    public virtual Task<StripeList<TestClock>> ListAsync(TestClockListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<TestClock>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/test_helpers/test_clocks</c>; all pages.</summary>
    public virtual IAsyncEnumerable<TestClock> ListAutoPagingAsync(TestClockListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<TestClock>(ClassUrl(), options, requestOptions, cancellationToken);
}
