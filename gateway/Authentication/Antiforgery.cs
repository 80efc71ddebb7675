using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Empire.Gateway.Authentication;

/// <summary>A browser sends the session cookie whoever makes it ask, so a request that changes something must also repeat what only our own pages know.</summary>
internal static class Antiforgery
{
    private const string Header = "X-CSRF-Token";
    private const string Field = "csrf_token";

    public static bool IsNeeded(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method) && !HttpMethods.IsTrace(method);

    public static async ValueTask<bool> HoldsAsync(HttpContext context, string? expected, long maxBodyBytes)
    {
        if (expected is null) return false;
        var given = context.Request.Headers[Header].ToString();
        if (given.Length == 0 && context.Request.HasFormContentType && context.Request.ContentType!.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            using var form = new FormReader(Encoding.UTF8.GetString((await PeekedBody.ReadAsync(context, maxBodyBytes)).Span));
            given = (await form.ReadFormAsync(context.RequestAborted)).TryGetValue(Field, out var value) ? value.ToString() : "";
        }
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
    }
}
