using System.Text;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Analytics.Conversions;

/// <summary><c>POST /api/conversions/{network}</c>: a network tells of a sale, or of its return. The network is told 2xx only once the message is stored, so that it
/// repeats what we did not take.</summary>
public static class ReceivePostback
{
    private const int MaxBytes = 64 * 1024;

    /// <param name="Status">What became of it: recorded, reversed, duplicate, or quarantined when no click has this sub id.</param>
    /// <example>{"conversion_id": "m-20260302-17", "status": "recorded"}</example>
    public sealed record Response(string ConversionId, IntakeOutcome Status);

    public static async Task<Results<Ok<Response>, ValidationProblem, ProblemHttpResult>> HandleAsync(
        string network, HttpRequest request, ConversionIntake intake, IServiceProvider services, TimeProvider clock, CancellationToken ct)
    {
        if (Network.Find(network) is not { } known) return new Refusal("not-found", $"There is no affiliate network '{network}'.").ToProblem(StatusCodes.Status404NotFound);
        var options = services.GetRequiredKeyedService<NetworkOptions>(known.Provider);
        if (options.Off) return ProviderOff.Refusal(known.Provider).ToProblem(StatusCodes.Status501NotImplemented); // there may be no secret that would tell a forgery
        if (await ReadAsync(request, ct) is not { } body)
            return new Refusal("content-too-large", $"A postback has at most {MaxBytes} bytes.").ToProblem(StatusCodes.Status413PayloadTooLarge);
        if (!NetworkProof.Holds(options.PostbackSecret, request.Headers[NetworkProof.SignatureHeader], request.Headers[NetworkProof.TimestampHeader], request.Headers[NetworkProof.KeyHeader], body, clock.GetUtcNow()))
        {
            return new Refusal("invalid-signature", $"Sign the raw body: {NetworkProof.SignatureHeader} = hex HMAC-SHA256(secret, {NetworkProof.TimestampHeader} + \".\" + body), "
                + $"no older than {NetworkProof.Tolerance.TotalSeconds} s; or send the secret as {NetworkProof.KeyHeader}.").ToProblem(StatusCodes.Status401Unauthorized);
        }
        if (NetworkMessage.Parse(Encoding.UTF8.GetString(body), out var errors) is not { } message)
        {
            Blameless.Mark(request.HttpContext.Response);   // the network is who it says it is: its address is not to be shut out for what we cannot read
            return TypedResults.ValidationProblem(errors, title: "Validation error");
        }
        var (outcome, _) = await intake.TakeAsync(known, message, "postback", ct);
        return TypedResults.Ok(new Response(message.ConversionId, outcome));
    }

    /// <summary>The body as it came: the signature is over these bytes.</summary>
    /// <returns>Null when it is too long.</returns>
    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[8 * 1024];
        while (await request.Body.ReadAsync(chunk, ct) is > 0 and var read)
        {
            if (buffer.Length + read > MaxBytes) return null;
            buffer.Write(chunk, 0, read);
        }
        return buffer.ToArray();
    }
}
