using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using OpenTelemetry.Metrics;

namespace Aspire.Clients.Tests.Npgsql;

public sealed class NpgsqlTelemetryTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Statements_are_traced_and_connections_counted_unless_disabled(bool traced, bool measured)
    {
        var builder = Programs.With(
            ("ConnectionStrings:shop", DataSourceTests.Named("telemetry")), ("Aspire:Npgsql:DisableTracing", $"{!traced}"), ("Aspire:Npgsql:shop:DisableMetrics", $"{!measured}"));
        var telemetry = Telemetry.Of(builder);
        builder.AddNpgsqlDataSource("shop");
        using var program = builder.Build();
        Telemetry.Listen(program.Services);
        await using (var command = program.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("select 4711 as traced_statement"))
            await command.ExecuteScalarAsync();
        program.Services.GetRequiredService<MeterProvider>().ForceFlush();
        Assert.Equal(traced, telemetry.Spans.Any(span => span.Source.Name == "Npgsql" && span.Tags.Any(tag => tag.Value?.Contains("4711", StringComparison.Ordinal) is true)));
        Assert.Equal(measured, telemetry.Instruments.Values.Contains("Npgsql"));
    }
}
