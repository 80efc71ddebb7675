using System.Data.Common;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Aspire.Clients.Tests.Npgsql;

public sealed class DataSourceTests
{
    [Fact]
    public async Task A_named_connection_string_opens_a_data_source_and_connections_of_it()
    {
        var builder = Programs.With(("ConnectionStrings:shop", Named("from-connection-strings")));
        builder.AddNpgsqlDataSource("shop");
        using var program = builder.Build();
        Assert.Equal("from-connection-strings", await ApplicationAsync(program.Services.GetRequiredService<NpgsqlDataSource>()));
        Assert.Same(program.Services.GetRequiredService<NpgsqlDataSource>(), program.Services.GetRequiredService<DbDataSource>());

        using var scope = program.Services.CreateScope();
        await using var connection = scope.ServiceProvider.GetRequiredService<NpgsqlConnection>();
        await connection.OpenAsync();
        await using var other = scope.ServiceProvider.GetRequiredService<DbConnection>();
        Assert.NotSame(connection, other);
        Assert.Equal(connection.ConnectionString, other.ConnectionString);
    }

    [Theory] // where it is set, and which of them is used
    [InlineData(new[] { "Aspire:Npgsql:ConnectionString" }, "Aspire:Npgsql:ConnectionString")]
    [InlineData(new[] { "Aspire:Npgsql:ConnectionString", "Aspire:Npgsql:shop:ConnectionString" }, "Aspire:Npgsql:shop:ConnectionString")]
    [InlineData(new[] { "Aspire:Npgsql:ConnectionString", "Aspire:Npgsql:shop:ConnectionString", "ConnectionStrings:shop" }, "ConnectionStrings:shop")]
    public async Task The_nearest_setting_wins(string[] set, string used)
    {
        foreach (var keyed in (bool[])[false, true])
        {
            var builder = Programs.With([.. set.Select(key => (key, (string?)Named(key)))]);
            Add(builder, keyed);
            using var program = builder.Build();
            Assert.Equal(used, await ApplicationAsync(program.Services.GetRequiredKeyedService<NpgsqlDataSource>(keyed ? "shop" : null)));
        }
    }

    [Fact]
    public async Task The_programs_own_delegates_have_the_last_word()
    {
        var builder = Programs.With(("ConnectionStrings:shop", "Host=nowhere.invalid"), ("Aspire:Npgsql:DisableHealthChecks", "true"));
        var read = false;
        builder.AddNpgsqlDataSource(
            "shop",
            settings =>
            {
                read = settings is { ConnectionString: "Host=nowhere.invalid", DisableHealthChecks: true, DisableTracing: false, DisableMetrics: false };
                settings.ConnectionString = Named("settings");
            },
            source => source.ConnectionStringBuilder.ApplicationName += "-then-builder");
        using var program = builder.Build();
        Assert.True(read);
        Assert.Equal("settings-then-builder", await ApplicationAsync(program.Services.GetRequiredService<NpgsqlDataSource>()));
    }

    [Fact]
    public async Task Several_data_sources_live_side_by_side_under_their_keys()
    {
        var builder = Programs.With(("ConnectionStrings:shop", Named("plain")), ("ConnectionStrings:till", Named("till")), ("ConnectionStrings:stock", Named("stock")));
        builder.AddNpgsqlDataSource("shop");
        builder.AddKeyedNpgsqlDataSource("till");
        builder.AddKeyedNpgsqlDataSource("stock");
        using var program = builder.Build();
        Assert.Equal("plain", await ApplicationAsync(program.Services.GetRequiredService<NpgsqlDataSource>()));
        foreach (var key in (string[])["till", "stock"])
        {
            Assert.Equal(key, await ApplicationAsync(program.Services.GetRequiredKeyedService<NpgsqlDataSource>(key)));
            Assert.Same(program.Services.GetRequiredKeyedService<NpgsqlDataSource>(key), program.Services.GetRequiredKeyedService<DbDataSource>(key));
            await using var connection = program.Services.GetRequiredKeyedService<DbConnection>(key);
            Assert.Equal(key, new NpgsqlConnectionStringBuilder(connection.ConnectionString).ApplicationName);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_missing_connection_string_is_named_when_the_data_source_is_asked_for(bool keyed)
    {
        var builder = Programs.With();
        Add(builder, keyed);
        using var program = builder.Build();
        var error = Assert.Throws<InvalidOperationException>(() => program.Services.GetRequiredKeyedService<NpgsqlDataSource>(keyed ? "shop" : null));
        Assert.Contains("ConnectionStrings:shop", error.Message, StringComparison.Ordinal);
        Assert.Contains("Aspire:Npgsql", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_source_needs_a_name()
    {
        Assert.Throws<ArgumentException>(() => Programs.With().AddNpgsqlDataSource(""));
        Assert.Throws<ArgumentNullException>(() => Programs.With().AddKeyedNpgsqlDataSource(null!));
        Assert.Throws<ArgumentNullException>(() => AspirePostgreSqlNpgsqlExtensions.AddNpgsqlDataSource(null!, "shop"));
    }

    internal static string Named(string application) => new NpgsqlConnectionStringBuilder(TestServers.Postgres) { ApplicationName = application }.ConnectionString;

    private static void Add(HostApplicationBuilder builder, bool keyed)
    {
        if (keyed) builder.AddKeyedNpgsqlDataSource("shop");
        else builder.AddNpgsqlDataSource("shop");
    }

    private static async Task<object?> ApplicationAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("show application_name");
        return await command.ExecuteScalarAsync();
    }
}
