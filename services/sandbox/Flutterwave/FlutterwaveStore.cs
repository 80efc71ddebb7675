using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;
using Empire.Sandbox.Webhooks;
using Microsoft.Extensions.Options;

namespace Empire.Sandbox.Flutterwave;

/// <summary>Everything that the emulated Flutterwave knows.</summary>
public sealed class FlutterwaveStore(Journal journal, TimeProvider clock) : DocumentStore("flutterwave", journal, clock)
{
    public const string Payment = "payment", Transaction = "transaction", Refund = "refund", Transfer = "transfer";

    /// <summary>Flutterwave's ids are numbers that grow; the document of transaction 1000001 is "transaction:1000001".</summary>
    public static JsonObject Add(DocumentWork work, string type, JsonObject document)
    {
        var number = 1_000_001L + work.All(type).Count();
        document["id"] = number;
        document["_id"] = $"{type}:{number}";
        return work.Add(type, document);
    }
}

/// <summary>Flutterwave's webhooks carry the secret hash itself in <c>verif-hash</c>; nothing is signed.</summary>
public sealed class FlutterwaveChannel(FlutterwaveStore store, IOptions<SandboxOptions> options) : WebhookChannel("flutterwave", store, options.Value.Flutterwave.WebhookTarget)
{
    public override void Sign(HttpRequestMessage request, Webhook webhook, DateTimeOffset now) => request.Headers.Add("verif-hash", options.Value.Flutterwave.SecretHash);

    /// <summary>Tells the configured endpoint, where there is one.</summary>
    public void Announce(DocumentWork work, string @event, string kind, JsonObject about, DateTimeOffset now)
    {
        if (Target is null) return;
        var body = new JsonObject { ["event"] = @event, ["data"] = DocumentWork.Shown(about), ["event.type"] = kind };
        work.Announce(new($"wh_{Guid.CreateVersion7(now):N}", @event, about["_id"]!.ToString(), Configured, body.ToJsonString(SandboxSetup.JsonWithNulls)));
    }
}
