using System.Text.Json;

namespace Empire.Acquisition.Mail;

/// <summary>Asks the server's own records for a message: <c>GET {base}/mail?message_id=…</c>, answered by <c>{"copies": n}</c>.</summary>
public sealed class MailLookUp(HttpClient http)
{
    /// <exception cref="InvalidDataException">The answer does not say.</exception>
    public async Task<bool> WasTakenAsync(string messageId, CancellationToken ct)
    {
        await using var answer = await http.GetStreamAsync($"mail?message_id={Uri.EscapeDataString(messageId)}", ct);
        using var document = await JsonDocument.ParseAsync(answer, cancellationToken: ct);
        return document.RootElement.TryGetProperty("copies", out var copies) && copies.TryGetInt32(out var count)
            ? count > 0
            : throw new InvalidDataException("The mail server's look-up has no number of copies.");
    }
}
