using System.Buffers;

namespace Empire.Analytics.Clicks;

/// <summary>What kind of program followed a link, told from its user agent. Bots are recorded and marked; no report counts them.</summary>
public static class Agents
{
    public const string Desktop = "desktop";
    public const string Mobile = "mobile";
    public const string Tablet = "tablet";
    public const string Bot = "bot";
    public const string Unknown = "unknown";

    // Words that programs put in their user agent and browsers do not: crawlers, link previews of messengers, libraries, headless browsers, monitors.
    private static readonly SearchValues<string> BotWords = SearchValues.Create(
    [
        "bot", "crawl", "spider", "slurp", "preview", "facebookexternalhit", "whatsapp", "embedly", "quora link", "pinterestbot", "bingpreview", "mediapartners",
        "curl/", "wget/", "python", "java/", "okhttp", "go-http-client", "libwww", "httpclient", "axios/", "node-fetch", "ruby", "perl", "php/", "scrapy",
        "headless", "phantomjs", "puppeteer", "playwright", "selenium", "lighthouse", "pingdom", "uptime", "monitor", "scanner", "validator", "feed",
    ], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> TabletWords = SearchValues.Create(["ipad", "tablet", "kindle", "silk/", "playbook"], StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<string> MobileWords = SearchValues.Create(["mobi", "iphone", "ipod", "windows phone"], StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<string> DesktopWords = SearchValues.Create(["windows nt", "macintosh", "x11", "cros ", "linux x86_64"], StringComparison.OrdinalIgnoreCase);

    /// <param name="userAgent">Empty counts as a bot: every browser names itself.</param>
    /// <param name="prefetch">The browser fetched ahead (<c>Sec-Purpose: prefetch</c>); nobody has clicked yet.</param>
    public static string Classify(ReadOnlySpan<char> userAgent, bool prefetch = false)
    {
        if (prefetch || userAgent.IsWhiteSpace() || userAgent.ContainsAny(BotWords)) return Bot;
        if (userAgent.ContainsAny(TabletWords) || IsAndroidTablet(userAgent)) return Tablet;
        if (userAgent.ContainsAny(MobileWords)) return Mobile;
        return userAgent.ContainsAny(DesktopWords) ? Desktop : Unknown;
    }

    /// <summary>Android phones say "Mobile", Android tablets do not (Chrome's user agent documentation, read 2025).</summary>
    private static bool IsAndroidTablet(ReadOnlySpan<char> userAgent) =>
        userAgent.Contains("android", StringComparison.OrdinalIgnoreCase) && !userAgent.Contains("mobi", StringComparison.OrdinalIgnoreCase);
}
