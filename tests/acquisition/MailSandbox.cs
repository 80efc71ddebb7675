extern alias Sandbox;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Empire.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Empire.Acquisition.Tests;

/// <summary>The sandbox's SMTP server on a real port: the same program that plays it in a demonstration.</summary>
public sealed class MailSandbox : WebApplicationFactory<Sandbox::Program>
{
    private readonly string data = Directory.CreateTempSubdirectory("acquisition-sandbox").FullName;
    private HttpClient? http;

    public MailSandbox() => UseKestrel();

    public Uri Address => Http.BaseAddress!;
    public int Port { get; private set; }

    private HttpClient Http => http ?? throw new InvalidOperationException("The sandbox has not started.");

    public async Task StartAsync()
    {
        StartServer();
        http = new() { BaseAddress = ClientOptions.BaseAddress };
        Port = (await http.GetFromJsonAsync<JsonObject>("/control/mail/server"))!["port"]!.GetValue<int>();
    }

    /// <summary>What an SMTP server without any look-up would have to be asked: how many copies lie in the recipient's mailbox.</summary>
    public async Task<IReadOnlyList<JsonObject>> MailsToAsync(string recipient) =>
        [.. (await Http.GetFromJsonAsync<JsonObject>($"/control/mail?to={Uri.EscapeDataString(recipient)}"))!["data"]!.AsArray().Select(mail => mail!.AsObject())];

    /// <summary>Waits for the first mail to an address, which must stay the only one.</summary>
    public async Task<JsonObject> MailToAsync(string recipient)
    {
        await Eventually.TrueAsync(async () => (await MailsToAsync(recipient)).Count > 0);
        return Assert.Single(await MailsToAsync(recipient));
    }

    /// <param name="about">Part of the recipient.</param>
    public async Task ArmAsync(string kind, string about, string? command = null, int count = 1)
    {
        using var response = await Http.PostAsJsonAsync("/control/faults", new { match = new { provider = "mail", path_contains = about, method = command }, kind, count });
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The server is well again.</summary>
    public async Task DisarmAsync() => (await Http.DeleteAsync("/control/faults")).EnsureSuccessStatusCode().Dispose();

    /// <summary>Answers to commands about a recipient that the log keeps: 250 and refusals; 0 is a cut.</summary>
    public async Task<IReadOnlyList<int>> AnswersAsync(string recipient) =>
        [.. (await Http.GetFromJsonAsync<JsonObject>("/control/log?provider=mail"))!["data"]!.AsArray()
            .Where(entry => entry!["path"]!.GetValue<string>().Contains(recipient, StringComparison.Ordinal)).Select(entry => entry!["status"]!.GetValue<int>())];

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("HTTP_PORT", "0"); // any; UseKestrel(0) is late where the program is faster than the factory
        builder.UseSetting("Sandbox:Data", data);
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        http?.Dispose();
        Directory.Delete(data, recursive: true);
    }
}
