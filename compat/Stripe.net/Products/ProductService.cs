namespace Stripe;

public class ProductService : Service<Product>
{
    public ProductService()
    {
    }

    public ProductService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/products";

    /// <summary><c>POST /v1/products</c>.</summary>
    public virtual Task<Product> CreateAsync(ProductCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>DELETE /v1/products/{id}</c>.</summary>
    public virtual Task<Product> DeleteAsync(string id, ProductDeleteOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Delete, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/products/{id}</c>.</summary>
    public virtual Task<Product> GetAsync(string id, ProductGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/products</c>.</summary>
    public virtual Task<StripeList<Product>> ListAsync(ProductListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<Product>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/products</c>; all pages.</summary>
    public virtual IAsyncEnumerable<Product> ListAutoPagingAsync(ProductListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<Product>(ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/products/search</c>.</summary>
    public virtual Task<StripeSearchResult<Product>> SearchAsync(ProductSearchOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeSearchResult<Product>>(HttpMethod.Get, $"{ClassUrl()}/search", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/products/search</c>; all pages.</summary>
    public virtual IAsyncEnumerable<Product> SearchAutoPagingAsync(ProductSearchOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        SearchRequestAutoPagingAsync<Product>($"{ClassUrl()}/search", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/products/{id}</c>.</summary>
    public virtual Task<Product> UpdateAsync(string id, ProductUpdateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, InstanceUrl(id), options, requestOptions, cancellationToken);
}
