namespace Empire.Sandbox.Faults;

/// <summary>The errors of a provider in its own words and shape.</summary>
public static class ProviderError
{
    public static async Task WriteAsync(HttpContext context, string provider, int status, int? retryAfterSeconds)
    {
        context.Response.StatusCode = status;
        if (retryAfterSeconds is { } seconds) context.Response.Headers.RetryAfter = $"{seconds}";
        var tooMany = status == 429;
        object body = provider switch
        {
            Provider.OpenAi => tooMany
                ? new OpenAi.ErrorResponse(new("Rate limit reached for requests. Please try again later.", "requests", null, "rate_limit_exceeded"))
                : new OpenAi.ErrorResponse(new("The server had an error while processing your request. Sorry about that!", "server_error", null, null)),
            Provider.OpenRouter => new { error = new { code = status, message = tooMany ? "Rate limit exceeded" : "Internal Server Error" } },
            Provider.X => tooMany
                ? new { title = "Too Many Requests", detail = "Too Many Requests", type = "about:blank", status }
                : new { title = "Internal Error", detail = "Something is broken.", type = "https://api.x.com/2/problems/internal-error", status },
            Provider.Stripe => tooMany
                ? new { error = new { code = "rate_limit", message = "Request rate limit exceeded.", type = "invalid_request_error" } }
                : new { error = new { message = "An unknown error occurred.", type = "api_error" } },
            Provider.Flutterwave => new { status = "error", message = tooMany ? "Too many requests" : "An error occurred", data = (object?)null },
            Provider.NowPayments => NowPayments.NowPaymentsAnswer.Error(status, tooMany ? "TOO_MANY_REQUESTS" : "INTERNAL_ERROR", tooMany ? "Too many requests" : "Internal error"),
            Provider.Shopify => new { errors = tooMany ? "Exceeded the calls per second of this app. Slow down." : "Internal Server Error" },
            Provider.Gumroad => new { success = false, message = tooMany ? "Too many requests." : "Something went wrong." },
            _ => new { error = new { code = tooMany ? "rate_limited" : "internal_error", message = tooMany ? "Too many requests." : "Unexpected error." } },
        };
        var type = provider == Provider.X ? "application/problem+json" : "application/json";
        await context.Response.WriteAsJsonAsync(body, body.GetType(), SandboxSetup.JsonWithNulls, type, context.RequestAborted);
    }
}
