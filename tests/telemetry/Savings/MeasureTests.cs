using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Contracts;
using Empire.Telemetry.Savings;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Telemetry.Tests.Savings;

public sealed class MeasureTests(TelemetryApp app) : IClassFixture<TelemetryApp>
{
    private static readonly DateTimeOffset Today = new(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
    private readonly TenantId tenant = TenantId.New(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task What_nights_off_saved_is_what_would_have_been_spent_less_what_was()
    {
        var host = await HostAsync(daysBefore: 17, after: (day, hour) => hour is >= 6 and < 20);
        using var client = app.ClientFor(tenant);
        using var recorded = await client.PostAsJsonAsync("/api/v1/telemetry/measures", new { kind = "schedule_shutdown", agent_id = host.Id, taken_on = DateOnly.FromDateTime(Today.AddDays(-9).DateTime), note = "cron" });
        Assert.Equal(HttpStatusCode.Created, recorded.StatusCode);
        var measure = await client.GetFromJsonAsync<JsonElement>(recorded.Headers.Location);
        // 8 days of 14 instead of 24 hours at 3.06; the day itself and today are in neither.
        Assert.Equal((8, 342.72m, 587.52m, 244.80m, 918.00m), (measure.GetProperty("days").GetInt32(), Number(measure, "spent"), Number(measure, "would_have_spent"), Number(measure, "saved"), Number(measure, "monthly_saved")));
        Assert.True(Number(measure, "low") <= 244.80m && Number(measure, "high") >= 244.80m);
        var list = await client.GetFromJsonAsync<JsonElement>("/api/v1/telemetry/measures");
        Assert.Equal((244.80m, 1), (Number(list, "saved"), list.GetProperty("measured").GetInt32()));

        // Once a day it is told.
        await TellAsync();
        await TellAsync();
        var told = Assert.Single(await ToldAsync());
        Assert.Equal((244_800_000L, 1, "USD"), (told.SavedMicros, told.Measures, told.Currency));
        Assert.True(told.LowMicros <= told.SavedMicros && told.HighMicros >= told.SavedMicros);
    }

    [Fact]
    public async Task A_move_to_another_host_counts_what_that_one_costs()
    {
        var old = await HostAsync(daysBefore: 16, after: (_, _) => false);
        var smaller = new Host("smaller", gpuName: "Tesla T4", interval: 3600);
        await app.StoreAsync([smaller.Batch(Today.AddDays(-9), 9 * 24, (_, _) => 60)], tenant);
        await app.SettledAsync();
        using var client = app.ClientFor(tenant);
        using var alone = await client.PostAsJsonAsync("/api/v1/telemetry/measures", Moved(old));
        var unseen = await alone.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(JsonValueKind.Null, unseen.GetProperty("saved").ValueKind); // the old host is silent: nobody knows what it costs now
        Assert.Contains("may have cost more than was seen", unseen.GetProperty("reason").GetString(), StringComparison.Ordinal);
        using var gone = await client.DeleteAsync(alone.Headers.Location);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        using var moved = await client.PostAsJsonAsync("/api/v1/telemetry/measures", Moved(old, smaller.Id));
        var measure = await moved.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((8, 486.528m), (measure.GetProperty("days").GetInt32(), Number(measure, "saved"))); // (3.06 − 0.526) × 24 × 8
    }

    [Fact]
    public async Task A_measure_needs_a_host_of_ones_own_a_day_that_was_and_no_other_measure_beside_it()
    {
        var host = await HostAsync(daysBefore: 1, after: (_, _) => true);
        using var client = app.ClientFor(tenant);
        Assert.Equal("agent_id", await FieldAsync(client, new { kind = "shut_down", agent_id = Guid.CreateVersion7() }));
        Assert.Equal("taken_on", await FieldAsync(client, new { kind = "shut_down", agent_id = host.Id, taken_on = DateOnly.FromDateTime(Today.AddDays(2).DateTime) }));
        Assert.Equal("kind", await FieldAsync(client, new { kind = "prayer", agent_id = host.Id }));
        Assert.Equal("replaced_by", await FieldAsync(client, new { kind = "smaller_gpu", agent_id = host.Id, replaced_by = new[] { Guid.CreateVersion7() } }));
        using var stranger = app.ClientFor(TenantId.New(TimeProvider.System.GetUtcNow()));
        Assert.Equal("agent_id", await FieldAsync(stranger, new { kind = "shut_down", agent_id = host.Id }));

        using var first = await client.PostAsJsonAsync("/api/v1/telemetry/measures", new { kind = "spot", agent_id = host.Id, gpu_index = 0 });
        using var second = await client.PostAsJsonAsync("/api/v1/telemetry/measures", new { kind = "shut_down", agent_id = host.Id });
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Conflict), (first.StatusCode, second.StatusCode));
        Assert.Contains("measure-overlaps", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var other = await client.PostAsJsonAsync("/api/v1/telemetry/measures", new { kind = "spot", agent_id = host.Id, gpu_index = 1 }); // another GPU of the host
        Assert.Equal(HttpStatusCode.Created, other.StatusCode);
    }

    /// <summary>A host that was on day and night, and from nine days ago on as said.</summary>
    private async Task<Host> HostAsync(int daysBefore, Func<int, int, bool> after)
    {
        var host = new Host("measured", interval: 3600);
        await app.StoreAsync([host.Batch(Today.AddDays(-9 - daysBefore), (daysBefore + 1) * 24, (_, _) => 60)], tenant);
        for (var day = -8; day < 0; day++)
        {
            var hours = Enumerable.Range(0, 24).Where(hour => after(day, hour)).ToArray();
            if (hours.Length > 0) await app.StoreAsync([host.Batch(Today.AddDays(day).AddHours(hours[0]), hours.Length, (_, _) => 60)], tenant);
        }
        await app.SettledAsync();
        return host;
    }

    private static object Moved(Host old, params Guid[] to) => new { kind = "smaller_gpu", agent_id = old.Id, taken_on = DateOnly.FromDateTime(Today.AddDays(-9).DateTime), replaced_by = to };

    private async Task TellAsync()
    {
        while (await app.Services.GetRequiredService<SavingsTeller>().TellOneAsync(TestContext.Current.CancellationToken)) { }
    }

    private async Task<List<SavingsMeasured>> ToldAsync() => [.. (await app.RowsAsync<string>("select body::text from told where type = @type", new { type = typeof(SavingsMeasured).FullName }))
        .Select(body => JsonSerializer.Deserialize<SavingsMeasured>(body, JsonSerializerOptions.Web)!).Where(told => told.TenantId == tenant.Value)];

    private static async Task<string> FieldAsync(HttpClient client, object request)
    {
        using var response = await client.PostAsJsonAsync("/api/v1/telemetry/measures", request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Single().Name;
    }

    private static decimal Number(JsonElement from, string name) => from.GetProperty(name).GetDecimal();
}
