using System.Diagnostics;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Aspire.Clients.Tests.Redis;

public sealed class RedisTelemetryTests
{
    private static readonly ActivitySource Own = new("Aspire.Clients.Tests");

    [Fact]
    public async Task A_command_is_a_span_under_the_one_that_sent_it()
    {
        var builder = Programs.With(("ConnectionStrings:cache", $"{TestServers.Redis},defaultDatabase=2"));
        var telemetry = Telemetry.Of(builder, Own.Name);
        builder.AddRedisClient("cache");
        using var program = builder.Build();
        Telemetry.Listen(program.Services);
        var redis = program.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        var parents = new List<Activity>();
        foreach (var _ in Enumerable.Range(0, 3))
        {
            using var parent = Own.StartActivity("work");
            await redis.KeyExistsAsync("nothing");
            parents.Add(parent!);
        }

        await Eventually.TrueAsync(() => parents.All(parent => telemetry.Spans.Count(span => span.ParentSpanId == parent.SpanId && span.DisplayName == "EXISTS") == 1));
        var (command, sender) = (telemetry.Spans.First(span => span.ParentSpanId == parents[0].SpanId), parents[0]);
        Assert.Equal((sender.TraceId, ActivityKind.Client), (command.TraceId, command.Kind));
        Assert.InRange(command.StartTimeUtc, sender.StartTimeUtc.AddMilliseconds(-20), sender.StartTimeUtc + sender.Duration);
        Assert.InRange(command.Duration, TimeSpan.FromTicks(1), sender.Duration + TimeSpan.FromMilliseconds(20));
        var tags = command.TagObjects.ToDictionary();
        Assert.Equal(("redis", "EXISTS", "2"), (tags["db.system.name"], tags["db.operation.name"], tags["db.namespace"]));
        Assert.Equal(TestServers.Redis, $"{tags["server.address"]}:{tags["server.port"]}");
    }

    [Fact]
    public async Task Every_one_of_a_thousand_commands_is_traced_and_the_last_ones_when_the_program_ends()
    {
        var builder = Programs.With(("ConnectionStrings:cache", TestServers.Redis));
        var telemetry = Telemetry.Of(builder);
        builder.AddRedisClient("cache");
        using (var program = builder.Build())
        {
            Telemetry.Listen(program.Services);
            var redis = program.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
            for (var i = 0; i < 20; i++) await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => redis.StringBitCountAsync("nothing")));
        }
        // One process, one source: other tests may be heard here too, but none of them counts bits.
        Assert.Equal(1000, telemetry.Spans.Count(span => span.DisplayName == "BITCOUNT" && span.ParentSpanId == default));
    }

    [Fact]
    public async Task A_client_told_not_to_trace_does_not()
    {
        var builder = Programs.With(("ConnectionStrings:cache", TestServers.Redis), ("Aspire:StackExchange:Redis:cache:DisableTracing", "true"));
        var telemetry = Telemetry.Of(builder);
        builder.AddRedisClient("cache");
        using (var program = builder.Build())
        {
            Telemetry.Listen(program.Services);
            await program.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase().PingAsync();
        }
        Assert.Empty(telemetry.Spans);
    }
}
