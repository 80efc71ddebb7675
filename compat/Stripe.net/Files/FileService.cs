namespace Stripe;

public class FileService : Service<File>
{
    public FileService()
    {
    }

    public FileService(IStripeClient client) : base(client)
    {
    }

    public override string BasePath => "/v1/files";

    /// <summary><c>POST /v1/files</c>.</summary>
    public virtual Task<File> CreateAsync(FileCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Post, ClassUrl(), options, (requestOptions ?? new()).At(Client.FilesBase), cancellationToken);

    /// <summary><c>GET /v1/files/{id}</c>.</summary>
    public virtual Task<File> GetAsync(string id, FileGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync(HttpMethod.Get, InstanceUrl(id), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/files</c>.</summary>
    public virtual Task<StripeList<File>> ListAsync(FileListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        RequestAsync<StripeList<File>>(HttpMethod.Get, ClassUrl(), options, requestOptions, cancellationToken);

    /// <summary><c>GET /v1/files</c>; all pages.</summary>
    public virtual IAsyncEnumerable<File> ListAutoPagingAsync(FileListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        ListRequestAutoPagingAsync<File>(ClassUrl(), options, requestOptions, cancellationToken);
}
