using Empire.Payments.Intake;

namespace Empire.Payments.Cards;

/// <summary>Keeps card numbers out of this system: a request that carries one is refused before anything reads, stores or logs it. Cards belong on the provider's own form;
/// what comes here is its token.</summary>
internal sealed class CardGuard(RequestDelegate next)
{
    private const int MostBytes = 4 * 1024 * 1024;

    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (CardNumbers.AreIn(System.Text.Encoding.UTF8.GetBytes(Uri.UnescapeDataString($"{request.Path.Value} {request.QueryString.Value}"))))
        {
            await RefuseAsync(context);
            return;
        }
        // A provider's webhook is signed and has no card numbers, but numbers of its own that may look like one.
        if (request.ContentLength is not 0 && request.Body.CanRead && !IsWebhook(request.Path) && !HttpMethods.IsGet(request.Method))
        {
            if (await RawBody.ReadAsync(request, MostBytes, context.RequestAborted) is not { } body)
            {
                await new Refusal("content-too-large", $"A request has at most {MostBytes} bytes.").ToProblem(StatusCodes.Status413PayloadTooLarge).ExecuteAsync(context);
                return;
            }
            if (CardNumbers.AreIn(body) || (CardNumbers.Unescaped(body) is { } plain && CardNumbers.AreIn(plain)))
            {
                Array.Clear(body);
                await RefuseAsync(context);
                return;
            }
            request.Body = new MemoryStream(body);
        }
        await next(context);
    }

    private static bool IsWebhook(PathString path) => path.StartsWithSegments("/api/v1/revenue/webhooks") || path.StartsWithSegments("/payment");

    private static Task RefuseAsync(HttpContext context) =>
        new Refusal("card-data-refused", "Card numbers are not taken here and were not kept. Collect the card on the provider's form and send its token (pm_…) as payment_method.").ToProblem(StatusCodes.Status400BadRequest).ExecuteAsync(context);
}
