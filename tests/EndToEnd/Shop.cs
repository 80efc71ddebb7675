using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Empire.EndToEnd.Tests;

/// <summary>The sandbox as its visitors see it: products to advertise, a shop to buy in, the posts on X.</summary>
internal sealed class Shop(Uri sandbox) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = sandbox };

    /// <summary>A feed in the owner's columns, of Harbor's products from <paramref name="first"/> on.</summary>
    public async Task<string> FeedAsync(int first, int count)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/networks/harbor/v1/products?page=1&per_page=100");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "test");
        using var response = await http.SendAsync(request);
        var products = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).GetProperty("data").EnumerateArray();
        var feed = new StringBuilder("id,name,brand,niche,price,currency,url,description,features,commission_rate\n");
        foreach (var product in products.Where(p => p.GetProperty("inventory").GetInt32() > 0).Skip(first).Take(count))
        {
            string[] fields =
            [
                Text("sku"), Text("title"), Text("brand"), Text("vertical"), product.GetProperty("price").GetProperty("amount").GetString()!, "USD", Text("landing_url"),
                Text("description"), string.Join('|', product.GetProperty("bullets").EnumerateArray().Select(b => b.GetString())), "0.05",
            ];
            feed.AppendLine(string.Join(',', fields.Select(field => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")));

            string Text(string name) => product.GetProperty(name).GetString()!;
        }
        return feed.ToString();
    }

    /// <summary>Buys at the page that a tracked link led to.</summary>
    /// <returns>The commission, as the postback will state it.</returns>
    public async Task<decimal> BuyAsync(Uri landing)
    {
        using var response = await http.PostAsync($"{landing.AbsolutePath}/buy{landing.Query}", null);
        response.EnsureSuccessStatusCode();
        var conversion = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        return decimal.Parse(conversion.GetProperty("commission").GetString()!);
    }

    /// <summary>Every post that stands on X.</summary>
    public async Task<IReadOnlyList<(string Id, string Text)>> PostsAsync() =>
        [.. (await JsonAsync("/control/posts")).GetProperty("data").EnumerateArray().Select(post => (post.GetProperty("id").ToString(), post.GetProperty("text").GetString()!))];

    public async Task<JsonElement> JsonAsync(string path) => JsonSerializer.Deserialize<JsonElement>(await http.GetStringAsync(path));

    public async Task FaultAsync(object fault)
    {
        using var response = await http.PostAsync("/control/faults", System.Net.Http.Json.JsonContent.Create(fault));
        response.EnsureSuccessStatusCode();
    }

    public void Dispose() => http.Dispose();
}
