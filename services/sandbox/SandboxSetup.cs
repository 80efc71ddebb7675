using System.Text.Json;
using System.Text.Json.Serialization;
using Empire.Sandbox.Networks;
using Empire.Sandbox.Webhooks;
using Microsoft.Extensions.Options;

namespace Empire.Sandbox;

public static class SandboxSetup
{
    public static void AddSandbox(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SandboxOptions>()
            .BindConfiguration("Sandbox")
            .PostConfigure<IConfiguration>((options, configuration) => options.Data = DataFolder(options.Data, configuration["EMPIRE_HOME"]))
            .ValidateDataAnnotations()
            .Validate(PostbackTarget.IsUsable, "Sandbox:PostbackTarget is not an absolute http(s) address.")
            .Validate(options => options.PostbackTarget is null || Network.All.All(n => options.SecretOf(n.Name) is not null),
                "Sandbox:PostbackTarget is set, so Sandbox:Networks:meadow:Secret and Sandbox:Networks:harbor:Secret are needed to sign postbacks.")
            .Validate(options => options.Stripe.AfterRetries is "cancel" or "unpaid" or "past_due", "Sandbox:Stripe:AfterRetries is none of cancel, unpaid, past_due.")
            .Signed("Stripe", "WebhookSecret", o => o.Stripe.WebhookTarget, o => o.Stripe.WebhookSecret)
            .Signed("Flutterwave", "SecretHash", o => o.Flutterwave.WebhookTarget, o => o.Flutterwave.SecretHash)
            .Signed("NowPayments", "IpnSecret", o => o.NowPayments.WebhookTarget, o => o.NowPayments.IpnSecret)
            .ValidateOnStart();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Journal>();
        builder.Services.ConfigureHttpJsonOptions(json => Configure(json.SerializerOptions));
    }

    /// <summary>A payment provider's target is an address, and wants the secret its webhooks are signed with.</summary>
    static OptionsBuilder<SandboxOptions> Signed(this OptionsBuilder<SandboxOptions> options, string provider, string secretName, Func<SandboxOptions, string?> target, Func<SandboxOptions, string> secret) => options
        .Validate(o => target(o) is not { } url || WebhookChannel.IsAddress(url), $"Sandbox:{provider}:WebhookTarget is not an absolute http(s) address.")
        .Validate(o => target(o) is null || secret(o).Length > 0, $"Sandbox:{provider}:WebhookTarget is set, so Sandbox:{provider}:{secretName} is needed to sign webhooks.");

    /// <summary>Alive as soon as it answers; ready once the journal has been read back, which happens before the first request.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => TypedResults.Text("Healthy"));
        app.MapGet("/health/ready", (Journal journal) => journal.IsWritable ? Results.Text("Healthy") : Results.Text("Unhealthy: the journal cannot be written", statusCode: 503));
    }

    /// <summary>The providers emulated here all write snake_case and leave out what does not apply.</summary>
    internal static void Configure(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        json.DictionaryKeyPolicy = null;
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        json.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
    }

    internal static readonly JsonSerializerOptions Json = Create(JsonIgnoreCondition.WhenWritingNull);

    /// <summary>For providers whose schema requires a null to be written out, as OpenAI's does.</summary>
    internal static readonly JsonSerializerOptions JsonWithNulls = Create(JsonIgnoreCondition.Never);

    static JsonSerializerOptions Create(JsonIgnoreCondition nulls)
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(json);
        json.DefaultIgnoreCondition = nulls;
        return json;
    }

    static string DataFolder(string configured, string? empireHome) =>
        configured.Length > 0 ? configured
        : empireHome is { Length: > 0 } ? Path.Combine(empireHome, "sandbox")
        : Path.Combine(Path.GetTempPath(), "empire-sandbox");
}
