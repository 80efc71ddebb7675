using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Empire.Configuration;
using Empire.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Tests.Http;

/// <summary>A provider that whoever runs the installation has switched off: nothing leaves, nothing fails, and callers are told.</summary>
public sealed class ProviderOffTests : IAsyncLifetime
{
    private sealed class BankOptions : ProviderOptions
    {
        [Required] public string ApiKey { get; set; } = "";
        [Required, MinLength(16)] public string Secret { get; set; } = "";
        [Required, RegularExpression("^[a-z]+$")] public string Account { get; set; } = "main";
    }

    private readonly TcpListener bank = new(IPAddress.Loopback, 0);
    private TestSite site = null!;
    private int reached;

    public async ValueTask InitializeAsync()
    {
        bank.Start();
        site = await TestSite.StartAsync(
            app =>
            {
                app.MapGet("/api/v1/balance", async (IHttpClientFactory clients) => await clients.CreateClient("Bank").GetStringAsync(new Uri("balance", UriKind.Relative))).AllowAnonymous();
                app.MapPost("/api/v1/transfers", () => { reached++; return Results.Ok(); }).AllowAnonymous().NeedsProvider("Bank");
                app.MapPost("/api/v1/letters", () => Results.Ok()).AllowAnonymous().NeedsProvider("Post");
            },
            builder =>
            {
                builder.AddProvider<BankOptions>("Bank");
                builder.AddProvider("Post");
            },
            "--Providers:Bank:Off=true", $"--Providers:Bank:BaseAddress=http://127.0.0.1:{((IPEndPoint)bank.LocalEndpoint).Port}", "--Providers:Post:BaseAddress=http://127.0.0.1:1", "--LOG_LEVEL=CRITICAL");
    }

    public async ValueTask DisposeAsync()
    {
        await site.DisposeAsync();
        bank.Dispose();
    }

    [Fact]
    public async Task Nothing_leaves_and_each_call_is_a_refusal_that_was_not_sent()
    {
        using var http = site.Services.GetRequiredService<IHttpClientFactory>().CreateClient("Bank");
        for (var i = 0; i < 30; i++) // more than it takes to open a circuit
        {
            var refusal = await Assert.ThrowsAsync<ProviderException>(() => http.PostAsync(new Uri("transfers", UriKind.Relative), null));
            Assert.Equal((true, true, true, "Bank", null), (refusal.IsOff, refusal.IsRefusal, refusal.NotSent, refusal.Provider, refusal.Status));
            Assert.StartsWith("Bank is switched off in this installation", refusal.Message, StringComparison.Ordinal);
        }
        Assert.False(bank.Pending());
        Assert.Equal("off.invalid", http.BaseAddress!.Host); // also past the handler nothing would arrive
        var checks = (await site.Anonymous().GetFromJsonAsync<JsonElement>(new Uri("/health/condition", UriKind.Relative))).GetProperty("checks");
        Assert.Equal(("healthy", "healthy"), (checks.GetProperty("provider.Bank").GetProperty("status").GetString(), checks.GetProperty("key.Bank").GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Whoever_asks_for_it_over_the_api_is_told_501_and_which_it_is()
    {
        using var answer = await site.Anonymous().GetAsync(new Uri("/api/v1/balance", UriKind.Relative));
        await AssertToldAsync(answer);
    }

    [Fact]
    public async Task A_call_that_would_come_to_nothing_does_not_begin()
    {
        using var answer = await site.Anonymous().PostAsync(new Uri("/api/v1/transfers", UriKind.Relative), null);
        await AssertToldAsync(answer);
        Assert.Equal(0, reached);
        using var other = await site.Anonymous().PostAsync(new Uri("/api/v1/letters", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task What_is_not_set_is_not_missed_and_what_is_set_wrong_is_still_named()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(TestSite).Assembly.GetName().Name, EnvironmentName = "Production",
            Args = [$"--Empire:InternalKey={TestSite.InternalKey}", "--Providers:Bank:Off=true", "--Providers:Bank:Account=MAIN", "--Providers:Bank:AttemptTimeout=00:00:00"],
        });
        builder.AddServiceDefaults("shop");
        builder.AddProvider<BankOptions>("Bank");
        await using var app = builder.Build();
        var failure = Assert.Throws<StartupException>(() => app.MapServiceDefaults());
        Assert.Equal(["Providers:Bank:Account", "Providers:Bank:AttemptTimeout"], failure.Faults.Select(fault => fault.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    private static async Task AssertToldAsync(HttpResponseMessage answer)
    {
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.NotImplemented, "PROVIDER_OFF", "urn:empire:provider-off"), (answer.StatusCode, problem.GetProperty("code").GetString(), problem.GetProperty("type").GetString()));
        Assert.StartsWith("Bank is switched off", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
