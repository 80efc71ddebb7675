namespace Empire.Analytics.Links;

/// <summary>A link's destination with everything put in that is the same for every visitor, so that a redirect is one concatenation.</summary>
/// <remarks>Adds <c>utm_source</c> (the site), <c>utm_medium=affiliate</c>, <c>utm_campaign</c>, <c>utm_content</c> (the publication) and <c>subid</c> (the
/// click, which the network returns with a sale). Parameters of these names in the destination are replaced, all others stay as they are written.</remarks>
public sealed class RedirectTarget
{
    private static readonly string[] Ours = ["utm_source", "utm_medium", "utm_campaign", "utm_content", "subid"];

    private readonly string beforeSubId;
    private readonly string fragment;

    public RedirectTarget(TrackedLink link, string site)
    {
        Link = link;
        var (address, query, rest) = Split(link.Destination);
        fragment = rest;
        List<string> parameters = [.. query.Split('&', StringSplitOptions.RemoveEmptyEntries).Where(IsForeign)];
        parameters.Add($"utm_source={Uri.EscapeDataString(site)}");
        parameters.Add("utm_medium=affiliate");
        parameters.Add($"utm_campaign={Uri.EscapeDataString(link.Campaign)}");
        if (link.PublicationId is { } publication) parameters.Add($"utm_content={PublicId.Format("pub", publication)}");
        beforeSubId = $"{address}?{string.Join('&', parameters)}";
    }

    public TrackedLink Link { get; }

    /// <summary>For a visit that is counted under <paramref name="subId"/>.</summary>
    public string For(string subId) => string.Concat(beforeSubId, "&subid=", subId, fragment);

    /// <summary>For one that only asks where the link leads (HEAD).</summary>
    public string WithoutSubId => beforeSubId + fragment;

    private static (string Address, string Query, string Fragment) Split(string destination)
    {
        var hash = destination.IndexOf('#');
        var (address, fragment) = hash < 0 ? (destination, "") : (destination[..hash], destination[hash..]);
        var mark = address.IndexOf('?');
        return mark < 0 ? (address, "", fragment) : (address[..mark], address[(mark + 1)..], fragment);
    }

    private static bool IsForeign(string parameter)
    {
        var name = Uri.UnescapeDataString(parameter.AsSpan(0, parameter.IndexOf('=') is var end and >= 0 ? end : parameter.Length));
        return !Ours.Contains(name, StringComparer.OrdinalIgnoreCase);
    }
}
