namespace Stripe;

/// <summary>Settings of the whole process: what a service uses that was made without a client of its own.</summary>
/// <remarks>A change makes the next use of <see cref="StripeClient"/> build a new client; services made earlier without a client see it too.</remarks>
public static class StripeConfiguration
{
    static string apiKey;
    static string clientId;
    static int maxNetworkRetries = SystemNetHttpClient.DefaultMaxNumberRetries;
    static bool enableTelemetry = true;
    static AppInfo appInfo;
    static IStripeClient stripeClient;

    /// <summary>The version of Stripe's API that every request names, and whose objects these types describe.</summary>
    public static string ApiVersion => "2023-08-16";

    /// <summary>The release whose public names this assembly has.</summary>
    public static string StripeNetVersion { get; } = typeof(StripeConfiguration).Assembly.GetName().Version.ToString(3);

    /// <summary>The secret or restricted key (<c>sk_…</c>, <c>rk_…</c>).</summary>
    public static string ApiKey { get => apiKey; set => Change(ref apiKey, value); }

    /// <summary>The id of a Connect platform (<c>ca_…</c>), for OAuth.</summary>
    public static string ClientId { get => clientId; set => Change(ref clientId, value); }

    /// <summary>Attempts after the first; 0 for none.</summary>
    public static int MaxNetworkRetries { get => maxNetworkRetries; set => Change(ref maxNetworkRetries, value); }

    /// <summary>Kept for its callers; this stand-in sends no measurements.</summary>
    public static bool EnableTelemetry { get => enableTelemetry; set => Change(ref enableTelemetry, value); }

    /// <summary>The program that uses the library; it is named in the User-Agent.</summary>
    /// <exception cref="ArgumentException">It has no name.</exception>
    public static AppInfo AppInfo
    {
        internal get => appInfo;
        set
        {
            if (value is { Name: null or "" }) throw new ArgumentException("AppInfo.Name must not be empty.", nameof(value));
            Change(ref appInfo, value);
        }
    }

    /// <summary>The client of services made without one; built from the settings above at first use.</summary>
    /// <exception cref="StripeException"><see cref="ApiKey"/> is empty or contains white space.</exception>
    public static IStripeClient StripeClient
    {
        get => stripeClient ??= Build();
        set => stripeClient = value;
    }

    static StripeClient Build()
    {
        try
        {
            return new(ApiKey, ClientId, new SystemNetHttpClient(null, MaxNetworkRetries, AppInfo, EnableTelemetry));
        }
        catch (ArgumentException e)
        {
            throw new StripeException($"StripeConfiguration.ApiKey: {e.Message}", e);
        }
    }

    static void Change<T>(ref T setting, T value)
    {
        if (!EqualityComparer<T>.Default.Equals(setting, value)) stripeClient = null;
        setting = value;
    }
}
