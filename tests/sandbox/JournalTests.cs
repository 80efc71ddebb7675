using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Empire.Sandbox.Tests.Webhooks;

namespace Empire.Sandbox.Tests;

public sealed class JournalTests : IDisposable
{
    readonly string data = Directory.CreateTempSubdirectory("sandbox-journal").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task What_the_world_was_told_survives_a_kill()
    {
        JsonObject bought;
        using (var first = await Running.StartAsync(data))
        {
            (await first.Client.PostAsJsonAsync("/x/2/tweets", new { text = "Before the kill" })).EnsureSuccessStatusCode();
            bought = (await (await first.Client.PostAsync("/shop/meadow/MD-01011/buy?subid=s", null)).Content.ReadFromJsonAsync<JsonObject>())!;
            first.Kill();
        }
        await File.AppendAllTextAsync(Path.Combine(data, "journal.jsonl"), """{"kind":"x_post","entry":{"id":"torn""");

        using var second = await Running.StartAsync(data);
        using var again = await second.Client.PostAsJsonAsync("/x/2/tweets", new { text = "Before the kill" });
        Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);
        var report = (await second.Client.GetFromJsonAsync<JsonObject>("/networks/meadow/conversions"))!["data"]!.AsArray();
        Assert.True(JsonNode.DeepEquals(bought, Assert.Single(report)));
        using var next = await second.Client.PostAsJsonAsync("/x/2/tweets", new { text = "After the kill" });
        Assert.Equal(HttpStatusCode.Created, next.StatusCode);
        second.Kill();
    }

    [Fact]
    public async Task A_payment_its_key_and_its_untold_webhooks_survive_a_kill()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer([.. Enumerable.Repeat(503, 100)]);
        var payment = new Dictionary<string, string>
        {
            ["amount"] = "9700", ["currency"] = "usd", ["confirm"] = "true", ["payment_method"] = "pm_card_visa", ["payment_method_types[]"] = "card",
        };
        string paid;
        using (var first = await Running.StartAsync(data, receiver.Url))
        {
            paid = await first.PayAsync(payment);
            await receiver.ReceivedAsync(1);
            first.Kill();
        }
        await using var accepting = await Receiver.StartAsync();
        using var second = await Running.StartAsync(data, accepting.Url);
        Assert.Equal(paid, await second.PayAsync(payment));
        Assert.Single((await second.Client.GetFromJsonAsync<JsonObject>("/stripe/v1/charges"))!["data"]!.AsArray());
        Assert.Equal(["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"], (await accepting.ReceivedAsync(3)).Select(w => w.Json["type"]!.ToString()));
        second.Kill();
    }

    /// <summary>The sandbox as a process of its own, so that it can be killed.</summary>
    sealed class Running : IDisposable
    {
        readonly Process process;

        Running(Process process, int port)
        {
            this.process = process;
            Client = new() { BaseAddress = new($"http://127.0.0.1:{port}") };
            Client.DefaultRequestHeaders.Authorization = new("Bearer", "one-account");
        }

        public HttpClient Client { get; }

        public static async Task<Running> StartAsync(string data, string? webhookTarget = null)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var port = ((IPEndPoint)probe.LocalEndpoint).Port;
            probe.Stop();
            var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            start.Environment["HTTP_PORT"] = $"{port}";
            start.Environment["Sandbox__Data"] = data;
            start.Environment["Sandbox__Stripe__WebhookSecret"] = "whsec_kill";
            if (webhookTarget is not null) start.Environment["Sandbox__Stripe__WebhookTarget"] = webhookTarget;
            start.Environment["Logging__LogLevel__Default"] = "Warning";
            var running = new Running(Process.Start(start)!, port);
            await Eventually.GetAsync(running.IsReadyAsync, ready => ready);
            return running;
        }

        public async Task<string> PayAsync(Dictionary<string, string> payment)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/stripe/v1/payment_intents") { Content = new FormUrlEncodedContent(payment), Headers = { { "Idempotency-Key", "order-7" } } };
            using var response = await Client.SendAsync(request);
            return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        }

        public void Kill()
        {
            process.Kill();
            process.WaitForExit();
        }

        async Task<bool> IsReadyAsync()
        {
            try
            {
                return (await Client.GetAsync("/health/ready")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }

        public void Dispose()
        {
            if (!process.HasExited) Kill();
            process.Dispose();
            Client.Dispose();
        }
    }
}
