using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Empire.Bench.Webhooks;

/// <summary>Stripe's events as they arrive, each one its own, signed beforehand; a script by which wrk sends them one after the other.</summary>
internal sealed class SignedEvents : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("webhooks-").FullName;
    private readonly string secret;
    private readonly IReadOnlyList<string> payments;
    private int made;

    /// <param name="payments">Stripe's references of payments that the service knows.</param>
    public SignedEvents(string secret, IReadOnlyList<string> payments) => (this.secret, this.payments) = (secret, payments);

    /// <summary>Writes so many new events. They are signed now, and a signature is good for five minutes.</summary>
    /// <returns>The script.</returns>
    public string Write(int count, DateTimeOffset now)
    {
        var events = Path.Combine(folder, $"{++made}.txt");
        using (var writer = new StreamWriter(events, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" })
        {
            for (var i = 0; i < count; i++)
            {
                var body = Body(i, now);
                writer.WriteLine(Signature(body, now));
                writer.WriteLine(body);
            }
        }
        var script = Path.Combine(folder, $"{made}.lua");
        File.WriteAllText(script, $$"""
            local lines = io.lines("{{events}}")
            function request()
              local signature = lines()
              if not signature then error("the events are used up") end
              return wrk.format("POST", nil, { ["Content-Type"] = "application/json", ["Stripe-Signature"] = signature }, lines())
            end
            """);
        return script;
    }

    private string Signature(string body, DateTimeOffset now)
    {
        var time = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"t={time},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}.{body}")))}";
    }

    /// <summary>As long as Stripe's own of its type. Every second reports on a payment that is known; the others, each of an object of its own, say nothing about
    /// money.</summary>
    private string Body(int number, DateTimeOffset now) => number % 2 == 0 ? OfPayment(payments[number / 2 % payments.Count], now) : OfMethod(now);

    private static string OfPayment(string reference, DateTimeOffset now) => JsonSerializer.Serialize(new
    {
        id = $"evt_{Guid.CreateVersion7():N}", @object = "event", api_version = "2023-08-16", created = now.ToUnixTimeSeconds(), livemode = false, pending_webhooks = 1, type = "payment_intent.processing",
        request = new { id = $"req_{Guid.CreateVersion7():N}", idempotency_key = Guid.CreateVersion7().ToString() },
        data = new
        {
            @object = new
            {
                id = reference, @object = "payment_intent", amount = 9700, amount_capturable = 0, amount_details = new { tip = new { } }, amount_received = 0, application = (string?)null, canceled_at = (long?)null,
                capture_method = "automatic", client_secret = $"{reference}_secret_x", confirmation_method = "automatic", created = now.ToUnixTimeSeconds(), currency = "usd", customer = $"cus_{Guid.CreateVersion7():N}",
                description = "A sale", invoice = (string?)null, last_payment_error = (string?)null, latest_charge = $"ch_{Guid.CreateVersion7():N}", livemode = false, metadata = new { }, next_action = (string?)null,
                payment_method = $"pm_{Guid.CreateVersion7():N}", payment_method_types = (string[])["card"], receipt_email = "payer@example.com", status = "processing", transfer_data = (string?)null,
            },
        },
    });

    private static string OfMethod(DateTimeOffset now) => JsonSerializer.Serialize(new
    {
        id = $"evt_{Guid.CreateVersion7():N}", @object = "event", api_version = "2023-08-16", created = now.ToUnixTimeSeconds(), livemode = false, pending_webhooks = 1, type = "payment_method.attached",
        request = new { id = $"req_{Guid.CreateVersion7():N}", idempotency_key = Guid.CreateVersion7().ToString() },
        data = new
        {
            @object = new
            {
                id = $"pm_{Guid.CreateVersion7():N}", @object = "payment_method", created = now.ToUnixTimeSeconds(), customer = $"cus_{Guid.CreateVersion7():N}", livemode = false, metadata = new { }, type = "card",
                billing_details = new { address = new { city = (string?)null, country = "DE", line1 = (string?)null, line2 = (string?)null, postal_code = "10115", state = (string?)null }, email = "payer@example.com", name = "A Payer", phone = (string?)null },
                card = new
                {
                    brand = "visa", checks = new { address_line1_check = (string?)null, address_postal_code_check = "pass", cvc_check = "pass" }, country = "US", exp_month = 8, exp_year = 2031, fingerprint = "Xt5EWLLDS7FJjR1c",
                    funding = "credit", generated_from = (string?)null, last4 = "4242", networks = new { available = (string[])["visa"], preferred = (string?)null }, three_d_secure_usage = new { supported = true }, wallet = (string?)null,
                },
            },
        },
    });

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
