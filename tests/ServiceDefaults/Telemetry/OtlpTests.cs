using System.Collections.Concurrent;
using Empire.Testing;
using Empire.Tests.Effects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Empire.Tests.Telemetry;

public sealed class OtlpTests
{
    [Fact]
    public async Task Traces_metrics_and_logs_reach_the_collector_named_in_the_environment()
    {
        var received = new ConcurrentDictionary<string, bool>();
        await using var collector = await TestSite.StartAsync(app => app.MapPost("/v1/{signal}", async (string signal, Stream body) =>
        {
            var content = new MemoryStream();
            await body.CopyToAsync(content);
            received[signal] = true;
            if (content.ToArray().AsSpan().IndexOf("Npgsql"u8) >= 0) received[$"{signal} of the database"] = true;
            return Results.Bytes([], "application/x-protobuf");
        }).AllowAnonymous());
        await using var shop = new LetterShop();
        await shop.InitializeAsync();
        await shop.PlanAsync(new("traced", Protection.None));
        await using var service = LetterProcess.Start(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.ToString(), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "100", ["OTEL_METRIC_EXPORT_INTERVAL"] = "200", ["HTTP_PORT"] = "0", ["Empire__InternalKey"] = TestSite.InternalKey,
            ["ConnectionStrings__shop"] = shop.Test.ConnectionString, ["PostOffice"] = shop.Office.Address.ToString(),
        });
        await Eventually.TrueAsync(() => received.ContainsKey("traces of the database") && received.ContainsKey("metrics of the database") && received.ContainsKey("logs"), TimeSpan.FromSeconds(40));
    }
}
