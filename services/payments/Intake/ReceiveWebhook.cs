using System.Text;
using System.Text.Json;
using Empire.Http;
using Empire.Payments.Facts;
using Empire.Payments.Flutterwave;
using Empire.Payments.NowPayments;
using Empire.Payments.Stripe;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Payments.Intake;

/// <summary>The providers' webhooks: verified over the bytes as they came, stored, answered. What they mean is taken in afterwards, so that a provider is never kept waiting
/// and never told 200 for what could be lost.</summary>
public static partial class ReceiveWebhook
{
    /// <param name="Received">Always true; a repeat is received as well.</param>
    /// <example>{"received": true}</example>
    public sealed record Response(bool Received);

    /// <summary>Stripe reports an event. Signed by <c>Stripe-Signature</c>; no older than the tolerance.</summary>
    public static Task<Results<Ok<Response>, ProblemHttpResult>> StripeAsync(
        HttpRequest request, EventLog events, IOptions<IntakeOptions> intake, [FromKeyedServices(StripeSetup.Provider)] StripeOptions options, TimeProvider clock, CancellationToken ct) =>
        TakeAsync(request, events, intake.Value, StatusCodes.Status400BadRequest, "Sign the raw body as Stripe does, no older than the tolerance: Stripe-Signature: t=…,v1=….",
            body => WebhookProof.Stripe(body, request.Headers["Stripe-Signature"], options.WebhookSecrets, options.Tolerance, clock.GetUtcNow()),
            (text, told) => StripeProvider.Read(text, told, EventSource.Webhook), ct);

    /// <summary>Flutterwave reports a payment or a transfer. <c>verif-hash</c> is the secret hash; the transaction itself is asked for afterwards.</summary>
    public static Task<Results<Ok<Response>, ProblemHttpResult>> FlutterwaveAsync(
        HttpRequest request, EventLog events, IOptions<IntakeOptions> intake, [FromKeyedServices(FlutterwaveSetup.Provider)] FlutterwaveOptions options, TimeProvider clock, CancellationToken ct) =>
        TakeAsync(request, events, intake.Value, StatusCodes.Status401Unauthorized, "Send the secret hash as verif-hash.",
            _ => WebhookProof.Flutterwave(request.Headers["verif-hash"], options.SecretHash), (text, told) => FlutterwaveProvider.Read(text, told, clock.GetUtcNow(), options.Test), ct);

    /// <summary>NOWPayments reports where a payment in coins stands. <c>x-nowpayments-sig</c> signs the sorted body.</summary>
    public static Task<Results<Ok<Response>, ProblemHttpResult>> NowPaymentsAsync(
        HttpRequest request, EventLog events, IOptions<IntakeOptions> intake, [FromKeyedServices(NowPaymentsSetup.Provider)] NowPaymentsOptions options, TimeProvider clock, CancellationToken ct) =>
        TakeAsync(request, events, intake.Value, StatusCodes.Status401Unauthorized, "Sign the body with its keys sorted: x-nowpayments-sig = hex HMAC-SHA512.",
            body => WebhookProof.NowPayments(body, request.Headers["x-nowpayments-sig"], options.IpnSecret), (text, told) => NowPaymentsProvider.Read(text, told, clock.GetUtcNow(), EventSource.Webhook, options.Test), ct);

    private delegate bool Proof(ReadOnlySpan<byte> body);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> TakeAsync(
        HttpRequest request, EventLog events, IntakeOptions options, int refusal, string wanted, Proof proof, Func<string, JsonElement, ProviderEvent> read, CancellationToken ct)
    {
        if (await RawBody.ReadAsync(request, options.MaxBytes, ct) is not { } body)
            return new Refusal("content-too-large", $"A webhook has at most {options.MaxBytes} bytes.").ToProblem(StatusCodes.Status413PayloadTooLarge);
        if (!proof(body)) return new Refusal("invalid-signature", wanted).ToProblem(refusal);
        ProviderEvent told;
        JsonElement parsed;
        try
        {
            parsed = Json.Parse(body);
            told = read(Encoding.UTF8.GetString(body), parsed);
        }
        catch (JsonException e)
        {
            Blameless.Mark(request.HttpContext.Response);   // the provider is who it says it is: its address is not to be shut out for what we cannot read
            return new Refusal("validation-error", $"It is signed well and cannot be read: {e.Message}").ToProblem(StatusCodes.Status400BadRequest);
        }
        await events.StoreAsync(told, parsed, ct);
        return TypedResults.Ok(new Response(true));
    }
}
