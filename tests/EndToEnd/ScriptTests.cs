using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Empire.Testing;

namespace Empire.EndToEnd.Tests;

/// <summary>GWY-06: what customers call themselves and their things is text on every page and in every mail, and runs nowhere.</summary>
[Collection(InstallationCollection.Name)]
public sealed class ScriptTests(Installation empire) : IDisposable
{
    private const string Element = "<script>alert(1)</script>", Attribute = "\"><img src=x onerror=alert(1)>", Ending = "</title></script><svg/onload=alert(1)>";
    private const string Name = $"Pan {Element} {Attribute} {Ending}";
    private readonly Market market = new(empire);

    public void Dispose() => market.Dispose();

    [Fact]
    public async Task A_product_of_a_feed_is_text_on_every_page_and_list_of_the_site()
    {
        using var client = await empire.NewTenantAsync(Name);
        using var shop = new Shop(empire.Sandbox);
        var lines = (await shop.FeedAsync(60, 1)).Split('\n');
        var fields = lines[1].Trim('"').Split("\",\"");
        (fields[1], fields[2], fields[7], fields[8]) = (Name, Name, $"Heavy. {Name}", $"Holds heat {Element}|{Attribute}");
        var feed = $"{lines[0]}\n{string.Join(',', fields.Select(field => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""))}\n";
        await client.RunCycleAsync(feed);
        var published = (await client.GetAllAsync("/api/v1/publications?channel=blog")).Select(one => new Uri(Market.Text(one, "url"))).ToList();
        Assert.NotEmpty(published);

        var shown = 0;
        foreach (var path in (string[])[.. published.Select(page => page.PathAndQuery), "/", "/blog", "/recipes", $"/niches/{fields[3]}", "/about", "/blog/" + Uri.EscapeDataString(Name), "/rss.xml", "/sitemap.xml"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = published[0].Authority } };
            using var visitor = Person.Browser(empire);
            using var answer = await visitor.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            foreach (var raw in (string[])[Element, "<img src=x", "<svg/onload"]) Assert.DoesNotContain(raw, text, StringComparison.OrdinalIgnoreCase);
            if (answer.Content.Headers.ContentType?.MediaType == "text/html" && NothingRuns(text, path).Contains("alert(1)", StringComparison.Ordinal)) shown++;
        }
        Assert.True(shown >= 2, $"The name is to be read on {shown} pages only: nothing is proved.");
    }

    [Fact]
    public async Task A_customer_and_what_they_pay_for_are_text_on_the_receipt_and_in_its_mail()
    {
        var email = Person.NewEmail();
        var customer = Market.Text(await market.PostAsync("/api/v1/revenue/customers", new { email, name = Name, payment_method = "pm_card_visa" }), "customer_id");
        var price = (await market.StripeAsync("prices", ("currency", "usd"), ("unit_amount", 4900), ("recurring[interval]", "month"), ("product_data[name]", Name), ("metadata[tier]", "professional")))["id"]!.GetValue<string>();
        var subscription = Market.Text(await market.PostAsync("/api/v1/revenue/subscriptions", new { customer_id = customer, price_id = price }), "subscription_id");
        var invoice = "";
        await Eventually.TrueAsync(async () =>
        {
            invoice = (await market.Owner.GetAllAsync($"/api/v1/revenue/invoices?subscription_id={subscription}")).Select(one => Market.Text(one, "invoice_id")).FirstOrDefault() ?? "";
            return invoice.Length > 0;
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/revenue/invoices/{invoice}") { Headers = { { "Accept", "text/html" } } };
        using var answer = await market.Owner.SendAsync(request);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("default-src 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        var page = NothingRuns(await answer.Content.ReadAsStringAsync(), "the invoice");
        Assert.Equal(2, page.Split(Name).Length - 1);   // who, and for what

        await market.PostAsync("/api/v1/revenue/payments", new { customer_id = customer, amount = 12, currency = "USD", description = Name });
        Assert.Contains(Name, NothingRuns(await MailAsync(email, "receipt"), "the receipt's mail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browsers_name_is_text_in_the_mail_about_a_new_sign_in()
    {
        using var person = await Person.SignedUpAsync(empire);
        using var door = Person.Browser(empire);
        door.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", Name);
        using var signedIn = await door.PostAsJsonAsync("/api/auth/login", new { email = person.Email, password = Person.Password });
        Assert.Equal(HttpStatusCode.OK, signedIn.StatusCode);
        Assert.Contains(Name, NothingRuns(await MailAsync(person.Email, "sign-in"), "the mail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_after_a_payment_repeats_nothing_that_its_address_says()
    {
        foreach (var path in (string[])["/payment/flutterwave/callback", "/payment/return"])
        {
            using var visitor = Person.Browser(empire);
            using var answer = await visitor.GetAsync($"{path}?status={Uri.EscapeDataString(Name)}&tx_ref={Uri.EscapeDataString(Name)}&transaction_id={Uri.EscapeDataString(Element)}");
            Assert.True((int)answer.StatusCode < 500, $"{path}: {(int)answer.StatusCode}");
            Assert.Contains("default-src 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.DoesNotContain("alert(1)", NothingRuns(await answer.Content.ReadAsStringAsync(), path), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Names_in_answers_are_json_that_no_browser_takes_for_a_page()
    {
        using var client = await empire.NewTenantAsync(Name);
        await Market.PostAsync(client, "/api/marketing/campaign", new { name = Name, channel = "email", budget = 10 });
        foreach (var path in (string[])["/api/marketing/list", "/api/v1/identity/me", "/api/v1/acquisition/campaigns/analytics", $"/api/v1/analytics/roi?by={Uri.EscapeDataString(Element)}"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/html" } } };
            using var answer = await client.SendAsync(request);
            Assert.Contains("json", answer.Content.Headers.ContentType?.MediaType, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Contains("default-src 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        }
        var told = await client.GetJsonAsync("/api/marketing/list");
        Assert.Equal(Name, Market.Text(told.GetProperty("data")[0], "name"));
    }

    /// <summary>Looks at a page as a browser does: no script, no handler, nothing from outside that the page did not mean.</summary>
    /// <returns>What there is to read.</returns>
    private static string NothingRuns(string html, string where)
    {
        var page = new HtmlParser().ParseDocument(html);
        foreach (var script in page.QuerySelectorAll("script"))
        {
            Assert.True(script.GetAttribute("type") == "application/ld+json", $"{where}: {script.OuterHtml}");
            JsonSerializer.Deserialize<JsonElement>(script.TextContent);   // data, and whole
        }
        foreach (var element in page.All)
        {
            Assert.DoesNotContain(element.Attributes, attribute => attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase) || attribute.Value.TrimStart().StartsWith("javascript:", StringComparison.OrdinalIgnoreCase));
            Assert.False(element is { LocalName: "iframe" or "object" or "embed" } || (element.LocalName == "img" && element.GetAttribute("src") == "x"), $"{where}: {element.OuterHtml}");
        }
        return page.Body!.Text();
    }

    private async Task<string> MailAsync(string to, string subject)
    {
        using var sandbox = new HttpClient { BaseAddress = empire.Sandbox };
        var html = "";
        await Eventually.TrueAsync(async () =>
        {
            html = (await sandbox.GetJsonAsync($"/control/mail?to={Uri.EscapeDataString(to)}")).GetProperty("data").EnumerateArray()
                .Where(mail => Market.Text(mail, "subject").Contains(subject, StringComparison.OrdinalIgnoreCase)).Select(mail => Market.Text(mail, "html"))
                .FirstOrDefault(mail => mail.Contains("alert(1)", StringComparison.Ordinal)) ?? "";
            return html.Length > 0;
        });
        return html;
    }
}
