using System.Net.Http.Json;
using System.Text.Json;

namespace Empire.Gateway.Tests;

internal static class Answers
{
    public static async Task<string?> CodeAsync(this HttpResponseMessage response) => (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();

    /// <summary>What the stub service behind got.</summary>
    public static async Task<Dictionary<string, string>> SeenAsync(this HttpClient client, string path) =>
        new(await client.GetFromJsonAsync<Dictionary<string, string>>(path) ?? [], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whatever the status.</summary>
    public static async Task<JsonElement> GetFromJsonUncheckedAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;
}
