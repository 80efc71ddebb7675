using System.ComponentModel.DataAnnotations;

namespace Empire.Sandbox;

/// <summary>Section "Sandbox".</summary>
public sealed class SandboxOptions
{
    /// <summary>Folder of the journal. Default: <c>sandbox</c> in EMPIRE_HOME, else a folder in the system's temporary directory.</summary>
    public string Data { get; set; } = "";

    /// <summary>Where conversion postbacks go; <c>{network}</c> is replaced by the network's name. Null sends none: conversions
    /// then show up in the networks' reports only.</summary>
    public string? PostbackTarget { get; set; }

    /// <summary>Wait before the second attempt of a postback; doubles with every further one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")] public TimeSpan PostbackRetryAfter { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Attempts per postback before the network gives up and leaves the conversion to its report.</summary>
    [Range(1, 100)] public int PostbackAttempts { get; set; } = 8;

    /// <summary>Settings per network, by its name: "meadow", "harbor".</summary>
    public Dictionary<string, NetworkOptions> Networks { get; set; } = [];

    /// <summary>Posts a user of X may create in 15 minutes. X's own limit is 100 (X API v2 rate limits, read 2026-11).</summary>
    [Range(1, 1_000_000)] public int XPostsPerWindow { get; set; } = 100;

    /// <summary>Messages that the inbox shows; older ones are forgotten but for their Message-ID.</summary>
    [Range(1, 100_000)] public int MailsKept { get; set; } = 500;

    /// <summary>The largest message the SMTP server takes, as its SIZE extension says.</summary>
    [Range(1_024, 100_000_000)] public int MailMaxBytes { get; set; } = 10_000_000;

    /// <summary>Wait before the second attempt of a payment provider's webhook; doubles with every further one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")] public TimeSpan WebhookRetryAfter { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Attempts per webhook before the provider gives up. The default reaches over nine hours.</summary>
    [Range(1, 100)] public int WebhookAttempts { get; set; } = 16;

    public StripeOptions Stripe { get; set; } = new();

    public FlutterwaveOptions Flutterwave { get; set; } = new();

    public NowPaymentsOptions NowPayments { get; set; } = new();

    public string? SecretOf(string network) => Networks.GetValueOrDefault(network)?.Secret is { Length: > 0 } secret ? secret : null;

    public sealed class StripeOptions
    {
        /// <summary>Where events are sent beside the endpoints registered over the API; null for nowhere.</summary>
        public string? WebhookTarget { get; set; }

        /// <summary>Signs what is sent there, the whole "whsec_…" being the key. Needed as soon as there is a target.</summary>
        public string WebhookSecret { get; set; } = "";

        /// <summary>The currency in which the account's balance is kept, as "usd": charges, refunds and disputes in others are changed into it, each at the rate of its day. Null: each in its own.</summary>
        public string? SettlesIn { get; set; }

        /// <summary>What becomes of a subscription when the last retry of its invoice has failed: "cancel", "unpaid" or "past_due", as in Stripe's own settings.</summary>
        public string AfterRetries { get; set; } = "cancel";
    }

    public sealed class FlutterwaveOptions
    {
        /// <summary>Where webhooks go; null for nowhere.</summary>
        public string? WebhookTarget { get; set; }

        /// <summary>Sent with each of them, as it is. Needed as soon as there is a target.</summary>
        public string SecretHash { get; set; } = "";
    }

    public sealed class NowPaymentsOptions
    {
        /// <summary>Where notifications go of payments that name no address of their own; null for nowhere.</summary>
        public string? WebhookTarget { get; set; }

        /// <summary>Signs notifications. Needed as soon as there is a target.</summary>
        public string IpnSecret { get; set; } = "";
    }

    public sealed class NetworkOptions
    {
        /// <summary>Key of the postback signature (HMAC-SHA256). Needed as soon as postbacks have a target.</summary>
        public string Secret { get; set; } = "";
    }
}
