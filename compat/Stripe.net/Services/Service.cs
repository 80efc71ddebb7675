using System.Net;
using System.Runtime.CompilerServices;

namespace Stripe;

/// <summary>The calls about one kind of object.</summary>
/// <remarks>Only the asynchronous calls of the release are here.</remarks>
public abstract class Service<TEntityReturned> where TEntityReturned : IStripeEntity
{
    IStripeClient client;

    /// <param name="client">Null for <see cref="StripeConfiguration.StripeClient"/>, asked for at each call.</param>
    protected Service(IStripeClient client = null) => this.client = client;

    public abstract string BasePath { get; }

    public virtual string BaseUrl => Client.ApiBase;

    public IStripeClient Client
    {
        get => client ?? StripeConfiguration.StripeClient;
        set => client = value;
    }

    protected virtual string ClassUrl() => BasePath;

    /// <exception cref="ArgumentException">The id is null or empty: the path would be another call's.</exception>
    protected virtual string InstanceUrl(string id) => $"{ClassUrl()}/{Segment(id)}";

    protected Task<TEntityReturned> RequestAsync(HttpMethod method, string path, BaseOptions options, RequestOptions requestOptions, CancellationToken ct = default) =>
        RequestAsync<TEntityReturned>(method, path, options, requestOptions, ct);

    protected Task<T> RequestAsync<T>(HttpMethod method, string path, BaseOptions options, RequestOptions requestOptions, CancellationToken ct = default)
        where T : IStripeEntity =>
        Client.RequestAsync<T>(method, path, options, (requestOptions ?? new()).At(BaseUrl), ct);

    /// <summary>All objects, page after page, each page asked for when the one before is used up. Backwards where only EndingBefore is given.</summary>
    /// <remarks>The caller's options stay as they are.</remarks>
    protected async IAsyncEnumerable<T> ListRequestAutoPagingAsync<T>(
        string path, ListOptions options, RequestOptions requestOptions, [EnumeratorCancellation] CancellationToken ct = default)
        where T : IStripeEntity
    {
        var cursor = new Cursor(options);
        var backward = !string.IsNullOrEmpty(options?.EndingBefore) && string.IsNullOrEmpty(options.StartingAfter);
        while (true)
        {
            var page = await RequestAsync<StripeList<T>>(HttpMethod.Get, path, cursor.Options, requestOptions, ct);
            if (backward) page.Reverse();
            string last = null;
            foreach (var item in page)
            {
                if (item is null) continue; // of a type that is not known here
                last = ((IHasId)item).Id;
                yield return item;
            }
            if (!page.HasMore || string.IsNullOrEmpty(last)) yield break;
            cursor.Move(last, backward);
        }
    }

    /// <summary>All objects that a search finds, page after page.</summary>
    protected async IAsyncEnumerable<T> SearchRequestAutoPagingAsync<T>(
        string path, SearchOptions options, RequestOptions requestOptions, [EnumeratorCancellation] CancellationToken ct = default)
        where T : IStripeEntity
    {
        var cursor = new Cursor(options);
        while (true)
        {
            var page = await RequestAsync<StripeSearchResult<T>>(HttpMethod.Get, path, cursor.Options, requestOptions, ct);
            foreach (var item in page)
                if (item is not null) yield return item;
            if (!page.HasMore || string.IsNullOrEmpty(page.NextPage)) yield break;
            cursor.Move(page.NextPage);
        }
    }

    private protected static string Segment(string id) => string.IsNullOrWhiteSpace(id)
        ? throw new ArgumentException("The id of the object must not be empty.", nameof(id))
        : WebUtility.UrlEncode(id);
}

/// <summary>The calls about objects that belong to another one.</summary>
public abstract class ServiceNested<TEntityReturned> : Service<TEntityReturned> where TEntityReturned : IStripeEntity
{
    protected ServiceNested(IStripeClient client = null) : base(client)
    {
    }

    protected virtual string ClassUrl(string parentId) => BasePath.Replace("{PARENT_ID}", Segment(parentId));

    protected virtual string InstanceUrl(string parentId, string id) => $"{ClassUrl(parentId)}/{Segment(id)}";
}
