using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Empire.Http;
using Empire.Payments.Intake;
using Empire.Payments.Stripe;
using Empire.Payments.Tests.Outside;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Payments.Tests.Intake;

/// <summary>What cannot be taken in is seen and tried again, and only by the operator.</summary>
public sealed class ListTasksTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    [Fact]
    public async Task Money_that_matches_nothing_waits_in_sight_and_is_taken_once_its_payment_is_there()
    {
        var at = TimeProvider.System.GetUtcNow();
        await app.Events.StoreAsync(new("stripe", "evt_lost", "charge.succeeded", "pi_lost", at, PaymentsApp.StripeEvent("evt_lost", "charge.succeeded", new
        {
            id = "ch_lost", @object = "charge", payment_intent = "pi_lost", amount = 1000, currency = "usd", paid = true, captured = true, created = at.ToUnixTimeSeconds(),
        }, at), EventSource.Webhook), CancellationToken.None);
        await app.Events.StoreAsync(new("stripe", "evt_broken", "charge.succeeded", "pi_broken", at, PaymentsApp.StripeEvent("evt_broken", "charge.succeeded", new { id = "ch_broken", @object = "charge", paid = true, captured = true }, at), EventSource.Webhook), CancellationToken.None);
        using var boss = app.CreateClient();
        boss.DefaultRequestHeaders.Add(CallerToken.Header, app.Services.GetRequiredService<CallerToken>().Sign(new(app.Tenant, "user:operator", "owner", Operator: true)));
        async Task<JsonNode?> SeenAsync(string subject) => (await boss.GetFromJsonAsync<JsonObject>("/api/v1/revenue/intake"))!["data"]!.AsArray().FirstOrDefault(task => task!["subject"]!.GetValue<string>() == subject);
        await Eventually.TrueAsync(async () => (await SeenAsync("evt_lost"))?["problem"]?.GetValue<string>().Contains("nothing that is known", StringComparison.Ordinal) == true);
        await Eventually.TrueAsync(async () => (await SeenAsync("evt_broken"))?["parked"]!.GetValue<bool>() == true); // unreadable: no repeat would help
        Assert.Contains("amount", (await SeenAsync("evt_broken"))!["problem"]!.GetValue<string>(), StringComparison.Ordinal);

        Task<HttpResponseMessage> RetryAsync(JsonNode? task) => boss.PostAsync($"/api/v1/revenue/intake/{task!["id"]}/retry", null);
        Assert.Equal(HttpStatusCode.NoContent, (await RetryAsync(await SeenAsync("evt_broken"))).StatusCode);
        var lost = await SeenAsync("evt_lost");
        var payment = await app.DecidedAsync("stripe", "pi_lost", Money.Of(10m, Currency.Usd));
        Assert.Contains((await RetryAsync(lost)).StatusCode, (HttpStatusCode[])[HttpStatusCode.NoContent, HttpStatusCode.NotFound]); // its own next try may come first
        await Eventually.EqualAsync("succeeded", () => app.StatusAsync(payment));
        Assert.Null(await SeenAsync("evt_lost"));
        var broken = (await SeenAsync("evt_broken"))!["id"];
        Assert.Equal(HttpStatusCode.NoContent, (await boss.PostAsync($"/api/v1/revenue/intake/{broken}/dismiss", null)).StatusCode);
        Assert.Null(await SeenAsync("evt_broken"));
        Assert.Single((await boss.GetFromJsonAsync<JsonObject>("/api/v1/revenue/intake?dismissed=true"))!["data"]!.AsArray(), task => task!["subject"]!.GetValue<string>() == "evt_broken");
        Assert.Equal(HttpStatusCode.NoContent, (await boss.PostAsync($"/api/v1/revenue/intake/{broken}/retry", null)).StatusCode);
        await Eventually.TrueAsync(async () => (await SeenAsync("evt_broken"))?["parked"]!.GetValue<bool>() == true);
        Assert.Equal(HttpStatusCode.NotFound, (await boss.PostAsync("/api/v1/revenue/intake/999999999/dismiss", null)).StatusCode);
        using var owner = app.OwnerClient();
        Assert.Equal(HttpStatusCode.Forbidden, (await owner.GetAsync("/api/v1/revenue/intake")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await owner.PostAsync("/api/v1/revenue/intake/1/retry", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await owner.PostAsync("/api/v1/revenue/intake/1/dismiss", null)).StatusCode);
    }
}

/// <summary>One with which the process ends is not taken up for ever, and those that were taken up with it do not pay for it.</summary>
public sealed class DeadlyTaskTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    [Fact]
    public async Task It_is_laid_aside_with_a_note_the_others_are_taken_and_a_person_may_have_it_tried_again()
    {
        var (at, reference) = (TimeProvider.System.GetUtcNow(), $"pi_{Guid.CreateVersion7():N}");
        var payment = await app.DecidedAsync("stripe", reference, Money.Of(10m, Currency.Usd));
        var (deadly, other) = ($"evt_deadly_{reference}", $"evt_other_{reference}");
        await using (var work = await app.Database.BeginSystemAsync(CancellationToken.None))
        {
            work.NothingToAudit();
            await app.Events.StoreAsync(work, Told(deadly, "payment_intent.created", new { id = reference, @object = "payment_intent", status = "requires_payment_method" }), CancellationToken.None);
            await app.Events.StoreAsync(work, Told(other, "charge.succeeded", new { id = $"ch_{reference}", @object = "charge", payment_intent = reference, amount = 1000, currency = "usd", paid = true, captured = true, created = at.ToUnixTimeSeconds() }), CancellationToken.None);
            await work.ExecuteAsync("update provider_tasks set takings = case subject when @deadly then 5 else 4 end where subject in (@deadly, @other)", new { deadly, other });
            await work.CommitAsync(CancellationToken.None);
        }
        await Eventually.EqualAsync("succeeded", () => app.StatusAsync(payment));
        await Eventually.EqualAsync("The process ended 5 times while this was taken in.", () => app.ReadAsync<string>("select problem from provider_tasks where subject = @deadly and parked", new { deadly }));
        using var boss = app.CreateClient();
        boss.DefaultRequestHeaders.Add(CallerToken.Header, app.Services.GetRequiredService<CallerToken>().Sign(new(app.Tenant, "user:operator", "owner", Operator: true)));
        var task = await app.ReadAsync<long>("select id from provider_tasks where subject = @deadly", new { deadly });
        Assert.Equal(HttpStatusCode.NoContent, (await boss.PostAsync($"/api/v1/revenue/intake/{task}/retry", null)).StatusCode);
        await Eventually.EqualAsync(0L, () => app.ReadAsync<long>("select count(*) from provider_tasks where subject in (@deadly, @other)", new { deadly, other }));

        ProviderEvent Told(string id, string kind, object o) => new("stripe", id, kind, reference, at, PaymentsApp.StripeEvent(id, kind, o, at), EventSource.Webhook);
    }

    [Fact]
    public async Task A_question_with_which_the_process_ends_is_laid_aside_too()
    {
        var path = $"refunds?charge=ch_{Guid.CreateVersion7():N}&limit=100";
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync("insert into provider_tasks (provider, task, subject, object_key, occurred_at, due_at, takings) values ('stripe', 'fetch', @path, 'deadly', now(), now(), 5)", new { path });
        await Eventually.EqualAsync((true, "The process ended 5 times while this was taken in."), () => owner.QuerySingleAsync<(bool, string?)>("select parked, problem from provider_tasks where subject = @path", new { path })!);
    }
}

/// <summary>What is asked for because of a report is asked for again because of the next one.</summary>
public sealed class AskedAnewTests(MarketApp app) : IClassFixture<MarketApp>
{
    [Theory, InlineData("given up"), InlineData("being asked for")]
    public async Task A_refund_that_is_told_of_while_the_one_before_is(string stands)
    {
        var payment = await app.PaidAsync(20m);
        var id = MarketApp.IdOf(payment["payment_id"]!.GetValue<string>());
        var (charge, intent) = await app.ReadAsync<(string, string)>("select charge_ref, provider_ref from payments where id = @id", new { id });
        var path = $"refunds?charge={charge}&limit=100";
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        if (stands == "given up")
            await owner.ExecuteAsync("insert into provider_tasks (provider, task, subject, object_key, occurred_at, due_at, parked) values ('stripe', 'fetch', @path, @intent, now(), now(), true)", new { path, intent });
        else
        {
            await app.Sandbox.ArmAsync("stripe", "latency", "/refunds", method: "GET", latencyMs: 5_000);
            await ToldAsync(1);
            await Eventually.EqualAsync(1, AttemptsAsync);
        }
        await ToldAsync(2);
        if (stands == "being asked for") await Eventually.EqualAsync(1, () => owner.QuerySingleOrDefaultAsync<int?>("select generation from provider_tasks where subject = @path", new { path }));
        await Eventually.EqualAsync(0L, () => owner.QuerySingleAsync<long>("select count(*) from provider_tasks where subject = @path", new { path }));

        Task<int?> AttemptsAsync() => owner.QuerySingleOrDefaultAsync<int?>("select attempts from provider_tasks where subject = @path", new { path });

        Task<bool> ToldAsync(int number)
        {
            var at = TimeProvider.System.GetUtcNow();
            return app.Events.StoreAsync(new("stripe", $"evt_{charge}_{number}", "charge.refunded", intent, at,
                PaymentsApp.StripeEvent($"evt_{charge}_{number}", "charge.refunded", new { id = charge, @object = "charge", payment_intent = intent }, at), EventSource.Webhook), CancellationToken.None);
        }
    }
}

/// <summary>What Stripe lists in another version of its API is asked for in ours.</summary>
public sealed class ForeignVersionTests(MarketApp app) : IClassFixture<MarketApp>
{
    [Theory, InlineData("charge"), InlineData("payment_intent")]
    public async Task An_event_that_is_listed_in_another_version_is_understood_by_what_it_speaks_of(string type)
    {
        var payment = await app.PaidAsync(23m);
        var id = MarketApp.IdOf(payment["payment_id"]!.GetValue<string>());
        var (charge, intent) = await app.ReadAsync<(string, string)>("select charge_ref, provider_ref from payments where id = @id", new { id });
        var (event_, of) = ($"evt_foreign_{charge}", type == "charge" ? charge : intent);
        var body = JsonSerializer.Serialize(new
        {
            id = event_, @object = "event", type = $"{type}.succeeded", api_version = "2025-03-31.basil", created = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), livemode = false, data = new { @object = new { id = of, @object = type } },
        });
        Assert.True(await app.Events.StoreAsync(StripeProvider.Read(body, JsonDocument.Parse(body).RootElement, EventSource.Reconciled), CancellationToken.None));
        await Eventually.EqualAsync(1L, () => app.ReadAsync<long>("select count(*) from provider_events where kind = @kind and event_id like @answer", new { kind = $"fetched:{type}", answer = $"{type}:{of}:%{event_}" }));
        await Eventually.EqualAsync(0L, () => app.ReadAsync<long>("select count(*) from provider_tasks where subject like @any or object_key = @intent", new { any = $"%{event_}%", intent }));
        Assert.Equal("succeeded", await app.StatusAsync(id));
        var made = await app.Services.GetRequiredService<Empire.Payments.Ledger.Rebuilding.Rebuild>().VerifyAsync(app.Tenant, CancellationToken.None);
        Assert.True(made.Equal, string.Join('\n', made.Differences));
    }

    /// <summary>An endpoint that was made with another version, as one is that somebody makes in Stripe's dashboard today.</summary>
    [Fact]
    public async Task A_webhook_in_another_version_is_taken_and_what_it_speaks_of_asked_for_once_also_when_it_is_listed_too()
    {
        await app.Sandbox.ArmAsync("stripe-webhook", "drop", "#charge.succeeded");
        var (status, paid) = await app.PostAsync("/api/v1/revenue/payments", new { customer_id = await app.CustomerAsync(), amount = 31m, currency = "USD", description = "A sale" });
        Assert.True(status == System.Net.HttpStatusCode.Created, paid.ToJsonString());
        var payment = paid["payment_id"]!.GetValue<string>();
        var intent = await app.ReadAsync<string>("select provider_ref from payments where id = @id", new { id = MarketApp.IdOf(payment) });
        var told = (await app.Sandbox.AllAsync("stripe/events")).Single(told => told["type"]!.ToString() == "charge.succeeded" && told["data"]!["object"]!["payment_intent"]!.ToString() == intent);
        var (id, charge, now) = (told["id"]!.ToString(), told["data"]!["object"]!["id"]!.ToString(), TimeProvider.System.GetUtcNow());
        var body = JsonSerializer.Serialize(new
        {
            id, @object = "event", type = "charge.succeeded", api_version = "2025-03-31.basil", created = told["created"]!.GetValue<long>(), livemode = false, data = new { @object = new { id = charge, @object = "charge" } },
        });
        using var client = app.CreateClient();
        for (var i = 0; i < 2; i++)
        {
            using var answer = await client.SendAsync(PaymentsApp.StripeWebhook(body, now));
            Assert.True(answer.StatusCode == System.Net.HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        }
        using (var forged = await client.SendAsync(PaymentsApp.StripeWebhook(body, now, "whsec_other"))) Assert.Equal(System.Net.HttpStatusCode.BadRequest, forged.StatusCode);
        await app.BookedAsync(payment);
        await app.Services.GetRequiredService<Reconciler>().ReconcileAsync(CancellationToken.None);   // which lists it in ours
        await app.SettledAsync();
        Assert.Equal(("foreign:charge.succeeded", "webhook"), await app.ReadAsync<(string, string)>("select kind, source from provider_events where event_id = @id", new { id }));
        Assert.Equal(1L, await app.ReadAsync<long>("select count(*) from provider_events where kind = 'fetched:charge' and event_id like @of", new { of = $"charge:{charge}:%" }));
        var made = await app.Services.GetRequiredService<Empire.Payments.Ledger.Rebuilding.Rebuild>().VerifyAsync(app.Tenant, CancellationToken.None);
        Assert.True(made.Equal, string.Join('\n', made.Differences));
    }
}

/// <summary>Settings that could charge somebody by mistake.</summary>
public sealed class LiveKeyInTestModeTests
{
    private sealed class LiveKeyApp : PaymentsApp
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Providers:Flutterwave:SecretKey", "FLWSECK-live"), new("Providers:Flutterwave:TestMode", "true")];
    }

    [Fact]
    public async Task A_live_key_with_test_mode_set_stops_the_start_and_names_the_setting()
    {
        var app = new LiveKeyApp();
        var refused = await Assert.ThrowsAnyAsync<Exception>(async () => await app.InitializeAsync());
        Assert.Contains("Providers:Flutterwave:SecretKey", refused.ToString(), StringComparison.Ordinal);
        await app.TestDatabase.DisposeAsync();
    }
}
