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
    private int made;

    public SignedEvents(string secret) => this.secret = secret;

    /// <summary>Writes so many new events. They are signed now, and a signature is good for five minutes.</summary>
    /// <returns>The script.</returns>
    public string Write(int count, DateTimeOffset now)
    {
        var events = Path.Combine(folder, $"{++made}.txt");
        using (var writer = new StreamWriter(events, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" })
        {
            for (var i = 0; i < count; i++)
            {
                var body = Body(now);
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

    /// <summary>As long as Stripe's own of this type, and of an object of its own; nothing here is told of it, so that taking it in costs the least that an event costs.</summary>
    private static string Body(DateTimeOffset now) => JsonSerializer.Serialize(new
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
