using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Empire.EndToEnd.Tests;

/// <summary>What an account has that has been at work, and what names it.</summary>
internal static class Belongings
{
    /// <summary>A whole cycle, and one of what cycles do not make.</summary>
    /// <param name="feed">Of the sandbox's own shop.</param>
    public static async Task FurnishAsync(this HttpClient account, string feed)
    {
        await account.RunCycleAsync(feed);
        await account.PostJsonAsync("/api/v1/identity/keys", JsonContent.Create(new { name = "mine" }));
        await account.PostJsonAsync("/api/v1/identity/credentials", JsonContent.Create(new { name = "shop", provider = "stripe", @class = "platform", value = "a credential of mine" }));
        await account.PostJsonAsync("/api/v1/revenue/customers", JsonContent.Create(new { email = Person.NewEmail() }));
        await account.PostJsonAsync("/api/social/post", JsonContent.Create(new { platform = "twitter", content = "A post.", scheduled_time = TimeProvider.System.GetUtcNow().AddDays(30) }));
    }

    /// <summary>Ids as the account's own lists show them; one of each kind and list.</summary>
    public static async Task<IReadOnlyList<string>> IdsAsync(this HttpClient account, IEnumerable<ApiOperation> operations)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var operation in operations.Where(operation => operation is { Method: "GET", HasParameters: false }))
        {
            using var request = operation.Request("");
            using var answer = await account.SendAsync(request);
            var told = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.OK && told.StartsWith('{')) Harvest(JsonSerializer.Deserialize<JsonElement>(told), operation.Path, found);
        }
        return [.. found.Values.Distinct(StringComparer.Ordinal)];
    }

    private static void Harvest(JsonElement node, string where, Dictionary<string, string> found)
    {
        if (node.ValueKind is JsonValueKind.Array) foreach (var item in node.EnumerateArray().Take(1)) Harvest(item, where, found);
        if (node.ValueKind is not JsonValueKind.Object) return;
        foreach (var field in node.EnumerateObject())
        {
            if (field.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array) Harvest(field.Value, where, found);
            else if (field.Value.ValueKind is JsonValueKind.String && (field.Name is "id" or "code" or "slug" || field.Name.EndsWith("_id", StringComparison.Ordinal))
                && field.Name is not "trace_id" and not "key_id" && field.Value.GetString() is { Length: > 5 and < 100 } text && !text.Contains('/', StringComparison.Ordinal))
                found.TryAdd($"{where} {field.Name}", text);
        }
    }
}
