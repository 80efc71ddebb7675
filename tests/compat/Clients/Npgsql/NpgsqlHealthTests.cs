using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Aspire.Clients.Tests.Npgsql;

public sealed class NpgsqlHealthTests
{
    [Fact]
    public async Task Health_follows_the_server()
    {
        var direct = new NpgsqlConnectionStringBuilder(TestServers.Postgres);
        await using var line = new FaultyTcpProxy(direct.Host!, direct.Port);
        var builder = Programs.With(("ConnectionStrings:shop", new NpgsqlConnectionStringBuilder(direct.ConnectionString) { Host = "127.0.0.1", Port = line.Port }.ConnectionString));
        builder.AddNpgsqlDataSource("shop");
        builder.AddKeyedNpgsqlDataSource("shop");
        using var program = builder.Build();
        Assert.Equal(["PostgreSql", "PostgreSql_shop"], await program.ChecksAsync());
        Assert.Equal(HealthStatus.Healthy, await program.HealthAsync("PostgreSql"));
        Assert.Equal(HealthStatus.Healthy, await program.HealthAsync("PostgreSql_shop"));
        line.Cut();
        Assert.Equal(HealthStatus.Unhealthy, await program.HealthAsync("PostgreSql"));
        Assert.Equal(HealthStatus.Unhealthy, await program.HealthAsync("PostgreSql_shop"));
        line.Restore();
        Assert.Equal(HealthStatus.Healthy, await program.HealthAsync("PostgreSql"));
    }

    [Fact]
    public async Task A_missing_connection_string_is_a_reason_and_no_crash()
    {
        var builder = Programs.With();
        builder.AddNpgsqlDataSource("shop");
        using var program = builder.Build();
        Assert.Equal(HealthStatus.Unhealthy, await program.HealthAsync("PostgreSql"));
    }

    [Fact]
    public async Task A_check_can_be_left_out_and_is_added_once()
    {
        var builder = Programs.With(("ConnectionStrings:shop", TestServers.Postgres), ("Aspire:Npgsql:till:DisableHealthChecks", "true"));
        builder.Services.AddHealthChecks();
        builder.AddNpgsqlDataSource("shop");
        builder.AddNpgsqlDataSource("shop");
        builder.AddKeyedNpgsqlDataSource("till");
        builder.AddKeyedNpgsqlDataSource("stock", settings => settings.DisableHealthChecks = true);
        using var program = builder.Build();
        Assert.Equal(["PostgreSql"], await program.ChecksAsync());
    }
}
