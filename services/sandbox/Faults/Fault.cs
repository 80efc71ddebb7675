namespace Empire.Sandbox.Faults;

/// <summary>Something that shall go wrong. The wire names are those of the control endpoint.</summary>
public sealed record Fault
{
    public required FaultMatch Match { get; init; }
    public required string Kind { get; init; }

    /// <summary>How many requests (or postbacks) it hits before it is used up.</summary>
    public int Count { get; init; } = 1;

    /// <summary>For "latency", and before any other kind when given; for "late" between effect and answer.</summary>
    public int? LatencyMs { get; init; }

    /// <summary>For "429": the Retry-After header. Default 1.</summary>
    public int? RetryAfterS { get; init; }

    /// <summary>A mail passes several commands; without one named, refusals meet it at its recipient and everything else when it is complete.</summary>
    public Fault AtItsCommand() => Match is { Provider: Provider.Mail, Method: null }
        ? this with { Match = Match with { Method = Kind is FaultKind.Temporary or FaultKind.Permanent ? "RCPT" : "DATA" } } : this;

    /// <returns>Field and fault of each wrong field; empty when it can be armed.</returns>
    public Dictionary<string, string[]> Errors()
    {
        var errors = new Dictionary<string, string[]>();
        var provider = Match?.Provider;
        if (!Provider.All.Contains(provider)) errors["match.provider"] = [$"One of {string.Join(", ", Provider.All)}."];
        var kinds = Provider.IsMessages(provider) ? FaultKind.OfPostbacks : provider == Provider.Mail ? FaultKind.OfMails : FaultKind.OfRequests;
        if (!kinds.Contains(Kind)) errors["kind"] = [$"One of {string.Join(", ", kinds)} for {provider ?? "a provider"}."];
        if (provider == Provider.Mail && Match?.Method is { } command && !(command.ToUpperInvariant() is "AUTH" or "RCPT" or "DATA")) errors["match.method"] = ["AUTH, RCPT or DATA."];
        if (Kind == FaultKind.CutAfter && provider == Provider.Mail && Match?.Method is { } at && !at.Equals("DATA", StringComparison.OrdinalIgnoreCase)) errors["match.method"] = ["DATA: only a message can be accepted."];
        if (Count is < 1 or > 1_000_000) errors["count"] = ["Between 1 and 1000000."];
        if (Kind is FaultKind.Latency or FaultKind.Late && LatencyMs is null) errors["latency_ms"] = [$"Needed for {Kind}."];
        if (LatencyMs is < 0 or > 600_000) errors["latency_ms"] = ["Between 0 and 600000."];
        if (RetryAfterS is < 0 or > 86_400) errors["retry_after_s"] = ["Between 0 and 86400."];
        return errors;
    }
}

/// <summary>Which requests a fault hits: those of the provider, with the method and the part of the path where given.</summary>
/// <param name="Method">For mails: the command, AUTH, RCPT or DATA.</param>
/// <param name="PathContains">For postbacks: part of the target address. For webhooks: part of "{address}#{subject}", the subject being Stripe's event type and the like. For mails: part of a recipient, or of the user name.</param>
public sealed record FaultMatch(string Provider, string? Method = null, string? PathContains = null)
{
    public bool Hits(string provider, string method, string path) =>
        provider == Provider
        && (Method is null || string.Equals(Method, method, StringComparison.OrdinalIgnoreCase))
        && (PathContains is null || path.Contains(PathContains, StringComparison.OrdinalIgnoreCase));
}

public static class FaultKind
{
    public const string Latency = "latency", TooManyRequests = "429", ServerError = "500", Malformed = "malformed";

    /// <summary>The key is known no longer: the provider refuses it in its own words.</summary>
    public const string RevokedKey = "revoked_key";

    /// <summary>The connection breaks before the request has any effect.</summary>
    public const string CutBefore = "cut_before";

    /// <summary>The request takes effect, then the connection breaks: the caller cannot know.</summary>
    public const string CutAfter = "cut_after";

    /// <summary>The request takes effect and its webhooks go out; the answer comes behind them.</summary>
    public const string Late = "late";

    /// <summary>The postback is sent twice, held back behind the next one, or never sent.</summary>
    public const string Duplicate = "duplicate", Reorder = "reorder", Drop = "drop";

    /// <summary>The mail server refuses for now (4xx), or for good (5xx).</summary>
    public const string Temporary = "temporary", Permanent = "permanent";

    public static readonly IReadOnlyList<string> OfMails = [Latency, Temporary, Permanent, CutBefore, CutAfter];
    public static readonly IReadOnlyList<string> OfRequests = [Latency, TooManyRequests, ServerError, RevokedKey, CutBefore, CutAfter, Late, Malformed];
    public static readonly IReadOnlyList<string> OfPostbacks = [Latency, Duplicate, Reorder, Drop];
}

public static class Provider
{
    public const string X = "x", OpenAi = "openai", OpenRouter = "openrouter", Meadow = "meadow", Harbor = "harbor", Postback = "postback", Mail = "mail", Stripe = "stripe", Flutterwave = "flutterwave", NowPayments = "nowpayments", Shopify = "shopify", Gumroad = "gumroad";
    const string Webhook = "-webhook";
    public static readonly IReadOnlyList<string> All = [X, OpenAi, OpenRouter, Meadow, Harbor, Postback, Mail, Stripe, Flutterwave, NowPayments, Shopify, Gumroad, Stripe + Webhook, Flutterwave + Webhook, NowPayments + Webhook];

    /// <summary>Messages that the outside world sends on its own: the publisher's postbacks, a payment provider's webhooks.</summary>
    public static bool IsMessages(string? provider) => provider == Postback || provider?.EndsWith(Webhook, StringComparison.Ordinal) == true;

    /// <returns>Whose emulation a path belongs to; null for the sandbox's own pages.</returns>
    public static string? OfPath(string path) => path.Split('/', 4, StringSplitOptions.RemoveEmptyEntries) switch
    {
        [X or OpenAi or OpenRouter or Stripe or Flutterwave or NowPayments or Shopify or Gumroad, ..] and [var provider, ..] => provider,
        ["networks" or "shop", Meadow or Harbor, ..] and [_, var network, ..] => network,
        _ => null,
    };
}
