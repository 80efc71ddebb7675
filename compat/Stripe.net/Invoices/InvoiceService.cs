namespace Stripe;

public class InvoiceService : Service<Invoice>
{
    public InvoiceService()
    {
    }

    public InvoiceService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/invoices";

    /// <summary><c>POST /v1/invoices</c>.</summary>
    public virtual Task<Invoice> CreateAsync(InvoiceCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>DELETE /v1/invoices/{id}</c>.</summary>
    public virtual Task<Invoice> DeleteAsync(string id, InvoiceDeleteOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Delete, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/invoices/{id}/finalize</c>.</summary>
    public virtual Task<Invoice> FinalizeInvoiceAsync(string id, InvoiceFinalizeOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/finalize", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/invoices/{id}</c>.</summary>
    public virtual Task<Invoice> GetAsync(string id, InvoiceGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/invoices</c>.</summary>
    public virtual Task<StripeList<Invoice>> ListAsync(InvoiceListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<Invoice>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/invoices</c>; all pages.</summary>
    public virtual IAsyncEnumerable<Invoice> ListAutoPagingAsync(InvoiceListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<Invoice>(ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/invoices/{id}/lines</c>.</summary>
    public virtual Task<StripeList<InvoiceLineItem>> ListLineItemsAsync(string id, InvoiceListLineItemsOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<InvoiceLineItem>>(HttpMethod.Get, $"{InstanceUrl(id)}/lines", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/invoices/{id}/lines</c>; all pages.</summary>
    public virtual IAsyncEnumerable<InvoiceLineItem> ListLineItemsAutoPagingAsync(string id, InvoiceListLineItemsOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<InvoiceLineItem>($"{InstanceUrl(id)}/lines", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/invoices/upcoming/lines</c>.</summary>
    public virtual Task<StripeList<InvoiceLineItem>> ListUpcomingLineItemsAsync(UpcomingInvoiceListLineItemsOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<InvoiceLineItem>>(HttpMethod.Get, $"{ClassUrl()}/upcoming/lines", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/invoices/upcoming/lines</c>; all pages.</summary>
    public virtual IAsyncEnumerable<InvoiceLineItem> ListUpcomingLineItemsAutoPagingAsync(UpcomingInvoiceListLineItemsOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<InvoiceLineItem>($"{ClassUrl()}/upcoming/lines", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/invoices/{id}/mark_uncollectible</c>.</summary>
    public virtual Task<Invoice> MarkUncollectibleAsync(string id, InvoiceMarkUncollectibleOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/mark_uncollectible", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/invoices/{id}/pay</c>.</summary>
    public virtual Task<Invoice> PayAsync(string id, InvoicePayOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/pay", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/invoices/search</c>.</summary>
    public virtual Task<StripeSearchResult<Invoice>> SearchAsync(InvoiceSearchOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeSearchResult<Invoice>>(HttpMethod.Get, $"{ClassUrl()}/search", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/invoices/search</c>; all pages.</summary>
    public virtual IAsyncEnumerable<Invoice> SearchAutoPagingAsync(InvoiceSearchOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        SearchRequestAutoPagingAsync<Invoice>($"{ClassUrl()}/search", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/invoices/{id}/send</c>.</summary>
    public virtual Task<Invoice> SendInvoiceAsync(string id, InvoiceSendOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/send", options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/invoices/upcoming</c>.</summary>
    public virtual Task<Invoice> UpcomingAsync(UpcomingInvoiceOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, $"{ClassUrl()}/upcoming", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/invoices/{id}</c>.</summary>
    public virtual Task<Invoice> UpdateAsync(string id, InvoiceUpdateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/invoices/{id}/void</c>.</summary>
    public virtual Task<Invoice> VoidInvoiceAsync(string id, InvoiceVoidOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/void", options, requestOptions, cancellationToken);
}
