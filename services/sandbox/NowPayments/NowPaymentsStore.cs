using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;
using Empire.Sandbox.Webhooks;
using Microsoft.Extensions.Options;

namespace Empire.Sandbox.NowPayments;

/// <summary>Everything that the emulated NOWPayments knows.</summary>
public sealed class NowPaymentsStore(Journal journal, TimeProvider clock) : DocumentStore("nowpayments", journal, clock)
{
    public const string Payment = "payment", Invoice = "invoice", Token = "token";
}

/// <summary>NOWPayments' notifications (IPN) go to the payment's own callback address, else to the configured one, signed by <c>x-nowpayments-sig</c>.</summary>
public sealed class NowPaymentsChannel(NowPaymentsStore store, IOptions<SandboxOptions> options) : WebhookChannel("nowpayments", store, options.Value.NowPayments.WebhookTarget)
{
    public override void Sign(HttpRequestMessage request, Webhook webhook, DateTimeOffset now) =>
        request.Headers.Add("x-nowpayments-sig", Signature(options.Value.NowPayments.IpnSecret, JsonNode.Parse(webhook.Body)!));

    /// <summary>HMAC-SHA512 over the compact JSON with the keys of every object sorted and numbers as they were written; lower-case hex.</summary>
    public static string Signature(string secret, JsonNode body) =>
        Convert.ToHexStringLower(HMACSHA512.HashData(Encoding.UTF8.GetBytes(secret.Trim()), Encoding.UTF8.GetBytes(Sorted(body)!.ToJsonString(SandboxSetup.JsonWithNulls))));

    public void Announce(DocumentWork work, JsonObject payment, JsonObject body, DateTimeOffset now)
    {
        var endpoint = payment["ipn_callback_url"]?.ToString() ?? (Target is null ? null : Configured);
        if (endpoint is null) return;
        work.Announce(new($"wh_{Guid.CreateVersion7(now):N}", body["payment_status"]!.ToString(), body["payment_id"]!.ToString(), endpoint, body.ToJsonString(SandboxSetup.JsonWithNulls)));
    }

    static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject item => new JsonObject(item.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
