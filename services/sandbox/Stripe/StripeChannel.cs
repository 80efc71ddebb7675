using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Empire.Sandbox.Webhooks;
using Microsoft.Extensions.Options;

namespace Empire.Sandbox.Stripe;

/// <summary>Stripe's webhooks: <c>Stripe-Signature: t=…,v1=…</c>, the HMAC-SHA256 of time, dot and body under the endpoint's secret.</summary>
public sealed class StripeChannel(StripeStore store, IOptions<SandboxOptions> options)
    : WebhookChannel("stripe", store, options.Value.Stripe.WebhookTarget)
{
    public override Uri? AddressOf(Webhook webhook) =>
        webhook.Endpoint == Configured ? base.AddressOf(webhook) : EndpointField(webhook, "url") is { } url ? new(url) : null;

    public override void Sign(HttpRequestMessage request, Webhook webhook, DateTimeOffset now)
    {
        var secret = webhook.Endpoint == Configured ? options.Value.Stripe.WebhookSecret : EndpointField(webhook, "_secret") ?? "";
        var time = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        request.Headers.Add("Stripe-Signature", $"t={time},v1={Signature(secret, time, webhook.Body)}");
        request.Headers.UserAgent.ParseAdd("Stripe/1.0");
    }

    /// <param name="secret">The whole of it, with its "whsec_", is the key.</param>
    public static string Signature(string secret, string time, string body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}.{body}")));

    string? EndpointField(Webhook webhook, string field) => Store.Change(work => work.Find("webhook_endpoint", webhook.Endpoint)?[field]?.ToString());
}
