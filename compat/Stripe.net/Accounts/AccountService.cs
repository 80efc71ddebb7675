namespace Stripe;

public class AccountService : Service<Account>
{
    public AccountService()
    {
    }

    public AccountService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/accounts";

    /// <summary><c>POST /v1/accounts</c>.</summary>
    public virtual Task<Account> CreateAsync(AccountCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>DELETE /v1/accounts/{id}</c>.</summary>
    public virtual Task<Account> DeleteAsync(string id, AccountDeleteOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Delete, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/accounts/{id}</c>.</summary>
    public virtual Task<Account> GetAsync(string id, AccountGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/accounts</c>.</summary>
    public virtual Task<StripeList<Account>> ListAsync(AccountListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<Account>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/accounts</c>; all pages.</summary>
    public virtual IAsyncEnumerable<Account> ListAutoPagingAsync(AccountListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<Account>(ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/accounts/{id}/reject</c>.</summary>
    public virtual Task<Account> RejectAsync(string id, AccountRejectOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, $"{InstanceUrl(id)}/reject", options, requestOptions, cancellationToken);

    /// <summary><c>POST /v1/accounts/{id}</c>.</summary>
    public virtual Task<Account> UpdateAsync(string id, AccountUpdateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/account</c>.</summary>
    public virtual Task<Account> GetSelfAsync(RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, "/v1/account", null, requestOptions, cancellationToken);
}
