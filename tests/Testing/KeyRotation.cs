using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Testing;

/// <summary>Changes the key of an installation as its owner would: the new one is put first, what rests in rows follows it, the old one is taken out.</summary>
public static class KeyRotation
{
    public static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <returns>The service started again on the same database, with a new key alone, after a replica with both keys had sealed everything anew.</returns>
    public static async Task<WebApplicationFactory<TProgram>> RotatedAsync<TProgram>(this ServiceApp<TProgram> app) where TProgram : class
    {
        var key = NewKey();
        await using (var both = app.WithKeys($"{key},{app.Services.GetRequiredService<IConfiguration>()["Empire:EncryptionKeys"]}"))
            await Eventually.TrueAsync(async () => (await both.SealedValuesAsync()).GetProperty("status").GetString() == "healthy");
        return app.WithKeys(key);
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
