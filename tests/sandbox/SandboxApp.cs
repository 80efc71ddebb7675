using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using HungUp = Empire.Testing.HungUp;

namespace Empire.Sandbox.Tests;

/// <summary>The sandbox on a real port, with a journal of its own. Each test class has one; tests that need a clean world reset it.</summary>
public sealed class SandboxApp : WebApplicationFactory<Program>
{
    public const string Key = "any-key", StripeSecret = "whsec_test_secret", FlutterwaveHash = "flutterwave-test-hash", IpnSecret = "ipn-test-secret";

    int hangUps;

    public SandboxApp() => UseKestrel();

    public string Data { get; } = Directory.CreateTempSubdirectory("sandbox-test").FullName;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("HTTP_PORT", "0"); // any; UseKestrel(0) is late where the program is faster than the factory
        builder.UseSetting("Sandbox:Data", Data);
        builder.UseSetting("Sandbox:PostbackRetryAfter", "00:00:00.020");
        builder.UseSetting("Sandbox:Networks:meadow:Secret", "meadow-test-secret");
        builder.UseSetting("Sandbox:Networks:harbor:Secret", "harbor-test-secret");
        builder.UseSetting("Sandbox:WebhookRetryAfter", "00:00:00.020");
        builder.UseSetting("Sandbox:Stripe:WebhookSecret", StripeSecret);
        builder.UseSetting("Sandbox:Flutterwave:SecretHash", FlutterwaveHash);
        builder.UseSetting("Sandbox:NowPayments:IpnSecret", IpnSecret);
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        builder.ConfigureTestServices(services => services.AddSingleton(new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, ConnectCallback = ConnectAsync })));
    }

    /// <summary>The sandbox's next connections, for webhooks and postbacks, are accepted and reset at once.</summary>
    public void HangUpOn(int connections) => hangUps = connections;

    async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        if (Interlocked.Decrement(ref hangUps) >= 0) return await HungUp.ConnectAsync(context, ct);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try { await socket.ConnectAsync(context.DnsEndPoint, ct); }
        catch { socket.Dispose(); throw; }
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>A client of the real socket, so that broken connections are broken.</summary>
    public HttpClient Client(string? bearer = Key)
    {
        StartServer();
        var client = new HttpClient { BaseAddress = ClientOptions.BaseAddress };
        if (bearer is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", bearer);
        return client;
    }

    public async Task ResetAsync()
    {
        using var client = Client();
        (await client.PostAsync("/control/reset", null)).EnsureSuccessStatusCode();
    }

    public async Task ArmAsync(object fault)
    {
        using var client = Client();
        using var response = await client.PostAsJsonAsync("/control/faults", fault);
        response.EnsureSuccessStatusCode();
    }

    public async Task<JsonArray> LogAsync(string provider)
    {
        using var client = Client();
        return (await client.GetFromJsonAsync<JsonObject>($"/control/log?provider={provider}"))!["data"]!.AsArray();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) Directory.Delete(Data, recursive: true);
    }
}
