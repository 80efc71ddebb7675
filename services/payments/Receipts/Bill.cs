using System.Globalization;
using System.Net;
using System.Text;

namespace Empire.Payments.Receipts;

/// <summary>What a payer is asked for, or has paid, as a page to print: an invoice and a receipt look the same. Plain and without scripts: it is filed and read years later.</summary>
/// <param name="Title">Invoice or Receipt.</param>
/// <param name="Number">By which both sides know it.</param>
/// <param name="Payer">Name and address, as far as they are known.</param>
/// <param name="Test">Made against the sandbox.</param>
/// <param name="Lines">What it is for; they sum to the first of <paramref name="Sums"/>.</param>
/// <param name="Sums">What follows of it: the total, what was paid, what was given back.</param>
/// <param name="Notes">Sentences at its foot.</param>
/// <param name="PayAt">Where it is paid; null where nothing is to be paid, or nowhere.</param>
internal sealed record Bill(
    string Title, string? Number, DateTimeOffset Date, string? Payer, bool Test, Currency Currency, IReadOnlyList<(string What, decimal Amount)> Lines, IReadOnlyList<(string What, decimal Amount)> Sums,
    IReadOnlyList<string> Notes, string? PayAt = null)
{
    public static string Day(DateTimeOffset? at) => at?.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture) ?? "";

    public PlainPage ToPage(BillingSettings issuer)
    {
        var page = new StringBuilder("<main><header><h1>").Append(E(Title)).Append("</h1>");
        if (issuer is not { Name: null, Address: null, TaxId: null, Email: null })
        {
            page.Append("<address>");
            if (issuer.Name is { } name) page.Append("<strong>").Append(E(name)).Append("</strong><br>");
            if (issuer.Address is { } address) page.Append(E(address).Replace("\n", "<br>", StringComparison.Ordinal)).Append("<br>");
            if (issuer.TaxId is { } tax) page.Append("Tax id ").Append(E(tax)).Append("<br>");
            if (issuer.Email is { } email) page.Append(E(email));
            page.Append("</address>");
        }
        page.Append("</header>").Append(Test ? "<p class=\"test\"><strong>Test: no money moved.</strong></p>" : "").Append("<dl>");
        foreach (var (term, value) in ((string, string?)[])[("Number", Number), ("Date", Day(Date)), ("For", Payer)])
            if (value is { Length: > 0 }) page.Append(CultureInfo.InvariantCulture, $"<div><dt>{term}</dt><dd>{E(value)}</dd></div>");
        page.Append("</dl><table><thead><tr><th>What</th><th>Amount</th></tr></thead><tbody>");
        foreach (var (what, amount) in Lines) page.Append(CultureInfo.InvariantCulture, $"<tr><td>{E(what)}</td><td>{Units(amount)}</td></tr>");
        page.Append("</tbody><tfoot>");
        foreach (var (what, amount) in Sums) page.Append(CultureInfo.InvariantCulture, $"<tr><th>{E(what)}</th><th>{Units(amount)}</th></tr>");
        page.Append("</tfoot></table>");
        foreach (var note in Notes) page.Append("<p class=\"soft\">").Append(E(note)).Append("</p>");
        if (PayAt is not null) page.Append("<p><a href=\"").Append(E(PayAt)).Append("\" rel=\"noreferrer\">Pay this invoice</a></p>");
        return new($"{Title} {Number}", page.Append("</main>").ToString());
    }

    private string Units(decimal amount) => $"{amount.ToString("N" + Currency.Exponent, CultureInfo.InvariantCulture)} {Currency}";

    private static string E(string text) => WebUtility.HtmlEncode(text);
}
