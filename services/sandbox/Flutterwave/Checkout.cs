using System.Globalization;
using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;
using Empire.Sandbox.Pages;
using static Empire.Sandbox.Flutterwave.FlutterwaveAnswer;

namespace Empire.Sandbox.Flutterwave;

/// <summary>Hosted checkout: a link, a page on which the payer decides, and the transaction that comes of it.</summary>
sealed class Checkout(FlutterwaveStore store, FlutterwaveChannel channel, TimeProvider clock)
{
    static readonly string[] Currencies = "NGN USD EUR GBP GHS KES ZAR UGX TZS RWF ZMW XAF XOF MWK SLL EGP CAD ARS BRL COP GNF INR MAD MZN STD".Split(' ');
    static readonly TimeSpan LongestSession = TimeSpan.FromMinutes(1440);

    public Task<IResult> CreateAsync(HttpContext http) => OfAsync(http, async () =>
    {
        var body = await BodyAsync(http);
        var reference = Required(body, "tx_ref");
        var currency = (JsonBody.Text(body, "currency") ?? "NGN").ToUpperInvariant();
        if (!Currencies.Contains(currency)) throw new FlutterwaveException(400, $"currency: {currency} is not one that is collected");
        var amount = Amount(body);
        var back = Required(body, "redirect_url");
        if (!Uri.TryCreate(back, UriKind.Absolute, out _)) throw new FlutterwaveException(400, "redirect_url should be an absolute address");
        if (body["customer"] is not JsonObject customer) throw new FlutterwaveException(400, "customer is required");
        if (!Required(customer, "email").Contains('@')) throw new FlutterwaveException(400, "customer.email should be a valid email");
        if (body["session_duration"] is not null && (JsonBody.Number(body, "session_duration") is not { } minutes || minutes < 1 || minutes > (decimal)LongestSession.TotalMinutes))
            throw new FlutterwaveException(400, "session_duration should be between 1 and 1440 minutes");
        var now = clock.GetUtcNow();
        var ends = JsonBody.Number(body, "session_duration") is { } wanted ? now + TimeSpan.FromMinutes((double)wanted) : (DateTimeOffset?)null; // nothing says that a page ends by itself
        store.Change(work => work.Find(FlutterwaveStore.Payment, Key(reference)) is null
            ? work.Add(FlutterwaveStore.Payment, new()
            {
                ["_id"] = Key(reference),
                ["tx_ref"] = reference,
                ["amount"] = JsonBody.JsNumber(amount),
                ["currency"] = currency,
                ["redirect_url"] = back,
                ["customer"] = customer.DeepClone(),
                ["meta"] = body["meta"]?.DeepClone(),
                ["title"] = (body["customizations"] as JsonObject)?["title"]?.ToString(),
                ["ends_at"] = ends?.ToUnixTimeSeconds(),
                ["created_at"] = Time(now),
            })
            : throw new FlutterwaveException(400, $"Duplicate transaction reference: {reference}"));
        return ("Hosted Link", new JsonObject { ["link"] = $"{http.Request.Scheme}://{http.Request.Host}/flutterwave/pay/{Uri.EscapeDataString(reference)}" }, null);
    });

    public IResult Show(string reference)
    {
        var (payment, paid) = store.Change(work => (work.Find(FlutterwaveStore.Payment, Key(reference)), IsPaid(work, reference)));
        if (payment is null) return Page.Of("Not found", "<p>There is no such payment.</p>", 404);
        if (paid) return Page.Of("Paid", "<p>This payment has been made.</p>");
        var amount = payment["amount"]!.Exact();
        return Page.Of(payment["title"]?.ToString() ?? "Checkout", $"""
            <p class="amount">{amount.ToString("0.00", CultureInfo.InvariantCulture)} {Page.E(payment["currency"]!.ToString())}</p>
            <p>Payment <code>{Page.E(reference)}</code> of {Page.E(payment["customer"]!["email"]!.ToString())}</p>
            <form method="post">{Page.Button("answer", "pay", "Pay")} {Page.Button("answer", "pend", "Leave it pending", soft: true)} {Page.Button("answer", "fail", "Let it fail", soft: true)} {Page.Button("answer", "cancel", "Cancel", soft: true)}</form>
            <form method="post"><label>Other amount <input name="amount" inputmode="decimal" value="{(amount / 2).ToString("0.00", CultureInfo.InvariantCulture)}"></label>{Page.Button("answer", "pay_less", "Pay less", soft: true)}</form>
            """);
    }

    public async Task<IResult> DecideAsync(string reference, HttpContext http)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync() : FormCollection.Empty;
        var answer = form["answer"].ToString();
        if (answer is not ("pay" or "pay_less" or "pend" or "fail" or "cancel")) return Page.Of("Not understood", "<p>The field answer is pay, pay_less, pend, fail or cancel.</p>", 400);
        var given = 0m;
        if (answer == "pay_less" && (!decimal.TryParse(form["amount"], NumberStyles.Number, CultureInfo.InvariantCulture, out given) || given <= 0 || decimal.Round(given, 2) != given))
            return Page.Of("Not understood", "<p>The field amount is a positive number with at most two decimals.</p>", 400);
        var now = clock.GetUtcNow();
        var (payment, refusal, transaction) = store.Change<(JsonObject?, string?, JsonObject?)>(work =>
        {
            if (work.Find(FlutterwaveStore.Payment, Key(reference)) is not { } payment) return (null, null, null);
            if (IsPaid(work, reference)) return (payment, "This payment has been made already.", null);
            if (payment["ends_at"]?.Whole() < now.ToUnixTimeSeconds()) return (payment, "The time to pay is over.", null);
            return (payment, null, answer == "cancel" ? null : Charge(work, payment, answer == "pay_less" ? given : payment["amount"]!.Exact(), answer switch { "fail" => "failed", "pend" => "pending", _ => "successful" }, now));
        }, release => http.Response.OnCompleted(() => { release(); return Task.CompletedTask; }));
        if (payment is null) return Page.Of("Not found", "<p>There is no such payment.</p>", 404);
        if (refusal is not null) return Page.Of("Too late", $"<p>{refusal}</p>", 409);
        var back = payment["redirect_url"]!.ToString();
        return Results.Redirect(transaction is null
            ? Page.WithQuery(back, ("status", "cancelled"), ("tx_ref", reference))
            : Page.WithQuery(back, ("status", transaction["status"]!.ToString()), ("tx_ref", reference), ("transaction_id", transaction["id"]!.ToString())));
    }

    JsonObject Charge(DocumentWork work, JsonObject payment, decimal amount, string status, DateTimeOffset now)
    {
        var currency = payment["currency"]!.ToString();
        var fee = Transactions.Fee(amount, currency);
        var customer = payment["customer"]!;
        var transaction = FlutterwaveStore.Add(work, FlutterwaveStore.Transaction, new()
        {
            ["id"] = 0, // first, as Flutterwave writes it; numbered below
            ["tx_ref"] = payment["tx_ref"]!.ToString(),
            ["flw_ref"] = $"FLW-MOCK-{Guid.CreateVersion7(now):N}",
            ["device_fingerprint"] = "N/A",
            ["amount"] = JsonBody.JsNumber(amount),
            ["currency"] = currency,
            ["charged_amount"] = JsonBody.JsNumber(amount),
            ["app_fee"] = JsonBody.JsNumber(fee),
            ["merchant_fee"] = 0,
            ["processor_response"] = Transactions.Response(status),
            ["auth_model"] = "PIN",
            ["ip"] = "127.0.0.1",
            ["narration"] = "Sandbox checkout",
            ["status"] = status,
            ["payment_type"] = "card",
            ["created_at"] = Time(now),
            ["account_id"] = 17_321,
            ["card"] = new JsonObject { ["first_6digits"] = "553188", ["last_4digits"] = "2950", ["issuer"] = "MASTERCARD CREDIT", ["country"] = "NIGERIA NG", ["type"] = "MASTERCARD", ["expiry"] = "09/32" },
            ["meta"] = payment["meta"]?.DeepClone(),
            ["amount_settled"] = JsonBody.JsNumber(status == "successful" ? amount - fee : 0),
            ["customer"] = new JsonObject
            {
                ["id"] = 2_000_000 + work.All(FlutterwaveStore.Transaction).Count(),
                ["name"] = customer["name"]?.ToString() ?? "Anonymous customer",
                ["phone_number"] = (customer["phonenumber"] ?? customer["phone_number"])?.ToString(),
                ["email"] = customer["email"]!.ToString(),
                ["created_at"] = Time(now),
            },
            ["_refunded"] = 0m,
        });
        if (status != "pending") channel.Announce(work, "charge.completed", "CARD_TRANSACTION", transaction, now);
        return transaction;
    }

    static bool IsPaid(DocumentWork work, string reference) => work.All(FlutterwaveStore.Transaction).Any(t => t["tx_ref"]!.ToString() == reference && t["status"]!.ToString() == "successful");

    static string Key(string reference) => $"payment:{reference}";

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
