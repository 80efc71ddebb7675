namespace Stripe;

public class CustomerService : Service<Customer>
{
    public CustomerService()
    {
    }

    public CustomerService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/customers";

    /// <summary><c>POST /v1/customers</c>.</summary>
    public virtual Task<Customer> CreateAsync(CustomerCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>DELETE /v1/customers/{id}</c>.</summary>
    public virtual Task<Customer> DeleteAsync(string id, CustomerDeleteOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Delete, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/customers/{id}</c>.</summary>
    public virtual Task<Customer> GetAsync(string id, CustomerGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/customers</c>.</summary>
    public virtual Task<StripeList<Customer>> ListAsync(CustomerListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<Customer>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/customers</c>; all pages.</summary>
    public virtual IAsyncEnumerable<Customer> ListAutoPagingAsync(CustomerListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<Customer>(ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/customers/{id}/payment_methods</c>.</summary>
    public virtual Task<StripeList<PaymentMethod>> ListPaymentMethodsAsync(string id, CustomerListPaymentMethodsOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<PaymentMethod>>(HttpMethod.Get, $"{InstanceUrl(id)}/payment_methods", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/customers/{id}/payment_methods</c>; all pages.</summary>
    public virtual IAsyncEnumerable<PaymentMethod> ListPaymentMethodsAutoPagingAsync(string id, CustomerListPaymentMethodsOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<PaymentMethod>($"{InstanceUrl(id)}/payment_methods", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/customers/{id}/payment_methods/{payment_method}</c>.</summary>
    public virtual Task<PaymentMethod> RetrievePaymentMethodAsync(string id, string paymentMethod, CustomerRetrievePaymentMethodOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<PaymentMethod>(HttpMethod.Get, $"{InstanceUrl(id)}/payment_methods/{Segment(paymentMethod)}", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/customers/search</c>.</summary>
    public virtual Task<StripeSearchResult<Customer>> SearchAsync(CustomerSearchOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeSearchResult<Customer>>(HttpMethod.Get, $"{ClassUrl()}/search", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/customers/search</c>; all pages.</summary>
    public virtual IAsyncEnumerable<Customer> SearchAutoPagingAsync(CustomerSearchOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        SearchRequestAutoPagingAsync<Customer>($"{ClassUrl()}/search", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/customers/{id}</c>.</summary>
    public virtual Task<Customer> UpdateAsync(string id, CustomerUpdateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, InstanceUrl(id), options, requestOptions, cancellationToken);
}
