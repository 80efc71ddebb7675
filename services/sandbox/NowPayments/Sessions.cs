using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;
using static Empire.Sandbox.NowPayments.NowPaymentsAnswer;

namespace Empire.Sandbox.NowPayments;

/// <summary>The short-lived token that the list of payments wants beside the key. Any address and password get one, but a password that contains "invalid".</summary>
sealed class Sessions(NowPaymentsStore store, TimeProvider clock)
{
    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public Task<IResult> SignInAsync(HttpContext http) => OfAsync(http, async () =>
    {
        var body = await BodyAsync(http);
        var (email, password) = (Required(body, "email"), Required(body, "password"));
        if (!email.Contains('@') || password.Contains("invalid", StringComparison.OrdinalIgnoreCase)) throw new NowPaymentsException(403, "ACCESS_DENIED", "Incorrect email or password");
        var token = RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 48);
        store.Change(work => work.Add(NowPaymentsStore.Token, new() { ["_id"] = $"{NowPaymentsStore.Token}:{token}", ["expires"] = (clock.GetUtcNow() + Lifetime).ToUnixTimeSeconds() }));
        return new JsonObject { ["token"] = token };
    }, open: true);

    /// <exception cref="NowPaymentsException">401</exception>
    public static void Require(DocumentWork work, HttpRequest request, DateTimeOffset now)
    {
        var header = request.Headers.Authorization.ToString();
        var token = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : "";
        if (token.Length == 0) throw new NowPaymentsException(401, "AUTH_REQUIRED", "Authorization header is empty (Bearer JWTtoken is required)");
        if (work.Find(NowPaymentsStore.Token, $"{NowPaymentsStore.Token}:{token}") is not { } session || session["expires"]!.Whole() <= now.ToUnixTimeSeconds())
            throw new NowPaymentsException(401, "AUTH_REQUIRED", "The token is unknown or has expired");
    }
}
