using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Empire.Publishing.Tests.Stores;

/// <summary>The service in memory, and the platforms that stores are run on, as the sandbox plays them on a real port.</summary>
public class StoresApp : PublishingApp
{
    private readonly PlatformsSandbox platforms = new();

    protected override Uri Outside => platforms.Address;

    public override async ValueTask InitializeAsync()
    {
        platforms.Start();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await platforms.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>As the owner of a store sees it on the platform.</summary>
    public async Task<JsonObject> OnPlatformAsync(string path, string token)
    {
        using var client = new HttpClient { BaseAddress = platforms.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        client.DefaultRequestHeaders.Add("X-Shopify-Access-Token", token);
        return (await client.GetFromJsonAsync<JsonObject>(path))!;
    }

    /// <summary>Buys at the store that everybody has at the played Stripe.</summary>
    public async Task BoughtAtStripeAsync(long cents)
    {
        using var client = new HttpClient { BaseAddress = platforms.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", "sk_test_store");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["amount"] = $"{cents}", ["currency"] = "usd", ["payment_method"] = "pm_card_visa", ["confirm"] = "true", ["automatic_payment_methods[enabled]"] = "true", ["automatic_payment_methods[allow_redirects]"] = "never",
        });
        using var answer = await client.PostAsync("stripe/v1/payment_intents", form);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task ArmAsync(object fault)
    {
        using var client = new HttpClient { BaseAddress = platforms.Address };
        using var answer = await client.PostAsJsonAsync("control/faults", fault);
        answer.EnsureSuccessStatusCode();
    }

    public async Task DisarmAsync()
    {
        using var client = new HttpClient { BaseAddress = platforms.Address };
        using var answer = await client.DeleteAsync("control/faults");
        answer.EnsureSuccessStatusCode();
    }
}
