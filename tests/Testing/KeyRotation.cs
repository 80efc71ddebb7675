using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Testing;

/// <summary>Changes the key of an installation as its owner would: the new one is added last everywhere, then put first, what rests in rows follows it, the old one is taken out.</summary>
public static class KeyRotation
{
    public static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>The key of an installation, and behind it the one that it will be changed to.</summary>
    public static string TwoKeys() => $"{NewKey()},{NewKey()}";

    /// <returns>The service started again on the same database, with the new key alone, after a replica that has it first had sealed everything anew. The one that was there reads on.</returns>
    public static async Task<WebApplicationFactory<TProgram>> RotatedAsync<TProgram>(this ServiceApp<TProgram> app) where TProgram : class
    {
        var keys = app.Services.GetRequiredService<IConfiguration>()["Empire:EncryptionKeys"]!.Split(',');
        await using (var both = app.WithKeys($"{keys[1]},{keys[0]}"))
            await Eventually.TrueAsync(async () => (await both.SealedValuesAsync()).GetProperty("status").GetString() == "healthy");
        return app.WithKeys(keys[1]);
    }

    /// <summary>The service started again on the same database, with these keys.</summary>
    public static WebApplicationFactory<TProgram> WithKeys<TProgram>(this ServiceApp<TProgram> app, string keys) where TProgram : class =>
        app.WithWebHostBuilder(builder => builder.UseSetting("Empire:EncryptionKeys", keys));

    /// <summary>What <c>/health/ready</c> says of the sealed values at rest.</summary>
    public static async Task<JsonElement> SealedValuesAsync<TProgram>(this WebApplicationFactory<TProgram> service) where TProgram : class
    {
        using var client = service.CreateClient();
        return (await client.GetFromJsonAsync<JsonElement>("/health/ready")).GetProperty("checks").GetProperty("sealed_values");
    }
}
