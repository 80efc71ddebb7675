namespace Empire.Publishing.Blog;

/// <summary>One tenant's blog. The first tenant's answers on every host that no other site claims.</summary>
/// <param name="Host">Without a port; <see cref="AnyHost"/> for the first site.</param>
public sealed record Site(Guid TenantId, string Host, string Name, string Description, Uri PublicUrl)
{
    public const string AnyHost = "*";

    /// <param name="path">Begins with a slash.</param>
    /// <returns>The absolute address that search engines and other sites shall use.</returns>
    public string UrlOf(string path) => new Uri(PublicUrl, path).ToString();
}
