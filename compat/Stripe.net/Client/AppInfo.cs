namespace Stripe;

/// <summary>A program or plug-in that wants to be recognisable in Stripe's logs.</summary>
public class AppInfo
{
    public string Name { get; set; }
    /// <summary>Given by Stripe to partners.</summary>
    public string PartnerId { get; set; }
    public string Version { get; set; }
    public string Url { get; set; }

    /// <summary>"Name/1.2 (https://…)", without the parts that are absent.</summary>
    public string FormatUserAgent() => Name + (Version is null ? "" : $"/{Version}") + (Url is null ? "" : $" ({Url})");
}
