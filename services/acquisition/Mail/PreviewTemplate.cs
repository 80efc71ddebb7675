using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Acquisition.Mail;

/// <summary>A template as its reader would see it, filled with made-up values; for whoever runs the installation.</summary>
public static class PreviewTemplate
{
    private static readonly Dictionary<string, string> Samples = new()
    {
        ["recipient"] = "ada@example.com", ["api_key"] = "gopt_thisIsNotAKeyButLooks1", ["verification_token"] = "sample-token", ["reset_token"] = "sample-token",
        ["invite_code"] = "sample-code", ["expires"] = "21 Nov 2026, 18:00 UTC", ["until"] = "21 Nov 2026, 10:15 UTC", ["occurred"] = "21 Nov 2026, 10:00 UTC",
        ["address"] = "203.0.113.7", ["user_agent"] = "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0",
        ["tier"] = "professional", ["before"] = "enterprise", ["features"] = "1,000 API calls a month, 1,000 requests an hour, 50 products", ["ends"] = "21 Dec 2026, 10:00 UTC",
        ["amount"] = "97.00 USD", ["description"] = "A year of the handbook", ["payment"] = "pay_01a1fcae958b7618a667bdb8dfddc34f",
        ["receipt_path"] = "/receipt/6f1d2c3b4a5948778695a4b3c2d1e0f9", ["invoice_path"] = "/invoice/6f1d2c3b4a5948778695a4b3c2d1e0f9", ["billing_path"] = "/billing/6f1d2c3b4a5948778695a4b3c2d1e0f9", ["number"] = "C0FFEE01-0001",
        ["seller"] = "Harbour Roasters Ltd", ["contact"] = "billing@harbour.example", ["reason"] = "product not received", ["dispute"] = "dp_0199f3a17c5b7d3e8a4b5c6d7e8f9025", ["due"] = "20 Mar 2027, 23:59 UTC",
        ["kind"] = "balance", ["subject_of_it"] = "cash:stripe USD", ["account"] = "ten_0199f3a17c5b7d3e8a4b5c6d7e8f9001", ["detail"] = "The balance says debit 78000000 of 3 lines; the lines sum to debit 39000000 of 2 lines (in millionths).",
        ["name"] = "main-store", ["role"] = "admin", ["provider"] = "shopify", ["days"] = "91", ["since"] = "21 Aug 2026, 10:00 UTC", ["uses"] = "420", ["usual"] = "41.5",
        ["credential"] = "cred_0199f3a17c5b7d3e8a4b5c6d7e8f9016", ["store"] = "store_0199f3a2c4d57e08a1b2c3d4e5f60718", ["variable"] = "OPENAI_API_KEY",
    };

    /// <example>{"templates": ["account-closed", "books-drifted", "credential-aged", "credential-use-jumped", "dispute-opened", "invite", "invoice", "locked-out", "member-added", "new-sign-in", "payment-overdue", "receipt", "refund", "renewal-failed",
    /// "reset-password", "tier-ended", "upgraded", "verify-email", "welcome"]}</example>
    public sealed record Response(IReadOnlyList<string> Templates);

    public static Results<Ok<Response>, ProblemHttpResult> List(Caller caller, MailTemplates templates) =>
        caller.Operator ? TypedResults.Ok(new Response([.. templates.Names])) : NotYours();

    /// <param name="format">html or text; null is html.</param>
    public static Results<ContentHttpResult, NotFound, ProblemHttpResult> Handle(string name, Caller caller, MailTemplates templates, HttpContext context, string? format = null)
    {
        if (!caller.Operator) return NotYours();
        if (format is not (null or "html" or "text")) throw new InvalidFieldException("format", "wanted: html or text.");
        if (!templates.Has(name)) return TypedResults.NotFound();
        var mail = templates.Render(name, Samples);
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        return format == "text" ? TypedResults.Content($"Subject: {mail.Subject}\r\n\r\n{mail.Text}", "text/plain; charset=utf-8") : TypedResults.Content(mail.Html, "text/html; charset=utf-8");
    }

    private static ProblemHttpResult NotYours() =>
        new Refusal("operator-needed", "Only the operator of the installation sees its mail templates.").ToProblem(StatusCodes.Status403Forbidden);
}
