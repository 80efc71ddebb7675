using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Empire.AppHost.Tests;

public sealed class SettingsTests : IDisposable
{
    private static readonly string[] Needed =
    [
        "OPENAI_API_KEY", "OPENROUTER_API_KEY", "X_ACCESS_TOKEN", "MEADOW_TOKEN", "HARBOR_TOKEN", "STRIPE_SECRET_KEY", "FLUTTERWAVE_SECRET_KEY", "NOWPAYMENTS_API_KEY", "SENDER_EMAIL", "SENDER_PASSWORD",
    ];

    private readonly AppHostProgram _program = new();

    [Theory]
    [InlineData("EMPIRE_PORT")]
    [InlineData("EMPIRE_DASHBOARD_PORT")]
    public async Task A_port_in_use_stops_the_start_and_names_the_setting(string setting)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        _program["EMPIRE_PORT"] = "18080";
        _program[setting] = $"{port}";

        var (code, _, error) = await _program.RunAsync();
        Assert.Equal(1, code);
        Assert.Equal($"Port {port} is in use; set {setting} to another.", error.Trim());
    }

    [Fact]
    public async Task A_port_that_is_none_is_refused()
    {
        _program["EMPIRE_PORT"] = "eighty";
        var (code, _, error) = await _program.RunAsync("status");
        Assert.Equal(1, code);
        Assert.Equal("EMPIRE_PORT is 'eighty'; it must be a port from 1 to 65535.", error.Trim());
    }

    [Fact]
    public async Task Production_does_not_fall_back_to_the_sandbox()
    {
        _program["DOTNET_ENVIRONMENT"] = "Production";
        foreach (var name in Needed.Where(name => name is not ("NOWPAYMENTS_API_KEY" or "SENDER_PASSWORD" or "MEADOW_TOKEN"))) _program[name] = "set";
        var (code, _, error) = await _program.RunAsync();
        Assert.NotEqual(0, code);
        Assert.Contains("Not set: MEADOW_TOKEN, NOWPAYMENTS_API_KEY, SENDER_PASSWORD. Production does not fall back to the sandbox", error);
    }

    [Fact]
    public async Task What_is_missing_in_production_may_be_switched_off_where_nothing_requires_it()
    {
        _program["DOTNET_ENVIRONMENT"] = "Production";
        foreach (var name in Needed.Where(name => name is not ("X_ACCESS_TOKEN" or "NOWPAYMENTS_API_KEY" or "HARBOR_TOKEN"))) _program[name] = "set";
        _program["MEADOW_TOKEN"] = "off";
        var (code, _, error) = await _program.RunAsync();
        Assert.NotEqual(0, code);
        Assert.Contains("Not set: X_ACCESS_TOKEN, HARBOR_TOKEN, NOWPAYMENTS_API_KEY.", error);
        Assert.Contains("switched off by the word off in place of its key: X_ACCESS_TOKEN=off, HARBOR_TOKEN=off.", error);
        Assert.DoesNotContain("MEADOW_TOKEN", error);
    }

    [Fact]
    public async Task Production_starts_without_the_providers_that_are_off_and_asks_for_nothing_of_theirs()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        _program["DOTNET_ENVIRONMENT"] = "Production";
        foreach (var name in Needed) _program[name] = "set";
        foreach (var (name, i) in ((string[])["OPENAI_API_KEY", "OPENROUTER_API_KEY", "X_ACCESS_TOKEN", "MEADOW_TOKEN", "HARBOR_TOKEN", "STRIPE_SECRET_KEY"]).Select((name, i) => (name, i))) _program[name] = i % 2 == 0 ? "off" : "OFF";
        (_program["FLUTTERWAVE_SECRET_HASH"], _program["NOWPAYMENTS_IPN_SECRET"]) = ("hash", "secret");   // no secret of Stripe's webhooks, no network's address
        _program["EMPIRE_PORT"] = $"{port}";   // which stops it right after
        var (_, _, error) = await _program.RunAsync();
        Assert.Equal($"Port {port} is in use; set EMPIRE_PORT to another.", error.Trim());
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task What_payments_are_taken_through_cannot_be_switched_off(string environment)
    {
        _program["DOTNET_ENVIRONMENT"] = environment;
        foreach (var name in Needed) _program[name] = "off";
        var (code, _, error) = await _program.RunAsync();
        Assert.NotEqual(0, code);
        Assert.Contains("Switched off, and needed: FLUTTERWAVE_SECRET_KEY, NOWPAYMENTS_API_KEY.", error);
    }

    [Fact]
    public async Task Production_with_everything_set_goes_on_to_start()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        _program["DOTNET_ENVIRONMENT"] = "Production";
        foreach (var name in (string[])[.. Needed, "STRIPE_WEBHOOK_SECRET", "FLUTTERWAVE_SECRET_HASH", "NOWPAYMENTS_IPN_SECRET"]) _program[name] = "set";
        (_program["Providers__Meadow__BaseAddress"], _program["Providers__Harbor__BaseAddress"]) = ("https://meadow.example.com", "https://harbor.example.com");
        _program["EMPIRE_PORT"] = $"{port}";   // which stops it right after
        var (_, _, error) = await _program.RunAsync();
        Assert.Equal($"Port {port} is in use; set EMPIRE_PORT to another.", error.Trim());
    }

    [Fact]
    public async Task A_payment_provider_with_a_key_needs_the_secret_of_its_webhooks_too()
    {
        (_program["STRIPE_SECRET_KEY"], _program["NOWPAYMENTS_API_KEY"], _program["NOWPAYMENTS_IPN_SECRET"]) = ("sk_live_key", "key", "secret");
        var (code, _, error) = await _program.RunAsync();
        Assert.NotEqual(0, code);
        Assert.Contains("Not set: STRIPE_WEBHOOK_SECRET (beside STRIPE_SECRET_KEY). Without it the provider's webhooks are refused", error);
    }

    [Fact]
    public async Task A_network_with_a_token_needs_its_address_too()
    {
        _program["MEADOW_TOKEN"] = "secret";
        var (code, _, error) = await _program.RunAsync();
        Assert.NotEqual(0, code);
        Assert.Contains("MEADOW_TOKEN is set, so Providers__Meadow__BaseAddress must be too", error);
    }

    [Fact]
    public async Task A_mail_password_needs_the_senders_address_too()
    {
        _program["SENDER_PASSWORD"] = "secret";
        var (code, _, error) = await _program.RunAsync();
        Assert.NotEqual(0, code);
        Assert.Contains("SENDER_PASSWORD is set, so SENDER_EMAIL must be too.", error);
    }

    [Fact]
    public async Task Before_the_first_start_the_status_has_the_gateways_address_and_nothing_that_runs()
    {
        _program["EMPIRE_PORT"] = "18081";
        var (code, output, _) = await _program.RunAsync("status", "--json");
        using var status = JsonDocument.Parse(output);
        Assert.Equal(1, code);
        Assert.Equal(["gateway", "gateway_grpc", "owner", "resources"], status.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal("http://127.0.0.1:18081", status.RootElement.GetProperty("gateway").GetString());
        Assert.Equal(["email", "password", "api_key"], status.RootElement.GetProperty("owner").EnumerateObject().Select(p => p.Name));
        Assert.Equal(0, status.RootElement.GetProperty("resources").GetArrayLength());
    }

    [Fact]
    public async Task Lines_of_the_env_file_count_where_the_environment_says_nothing()
    {
        _program.WriteDotEnv("""
            # a comment
            export EMPIRE_OWNER_EMAIL="ada@example.com"   # quoted
            EMPIRE_OWNER_PASSWORD=pass#word               # a hash within a word is part of it
            EMPIRE_PORT=18082
            EMPIRE_OWNER_API_KEY=      # empty counts as absent
            """);
        _program["EMPIRE_PORT"] = "18083";
        var (_, output, _) = await _program.RunAsync("status", "--json");
        using var status = JsonDocument.Parse(output);
        Assert.Equal("http://127.0.0.1:18083", status.RootElement.GetProperty("gateway").GetString());
        var owner = status.RootElement.GetProperty("owner");
        Assert.Equal(("ada@example.com", "pass#word", null), (owner.GetProperty("email").GetString(), owner.GetProperty("password").GetString(), owner.GetProperty("api_key").GetString()));
    }

    [Theory]
    [InlineData("DATABASE_URL", "mysql://u:secret@h/d", "wanted: postgresql://user:password@host:5432/database.")]
    [InlineData("REDIS_URL", "localhost-secret", "wanted: redis://:password@host:6379.")]
    [InlineData("BASE_URL", "shop-secret", "wanted: https://shop.example.com.")]
    [InlineData("DATABASE_URL", "postgresql://u:secret@h/d?sslmode=perhaps", "DATABASE_URL has sslmode=perhaps; wanted: disable")]
    public async Task An_address_under_an_older_name_that_cannot_be_used_is_named_and_not_repeated(string name, string value, string wanted)
    {
        _program[name] = value;
        var (code, _, error) = await _program.RunAsync("status");
        Assert.Equal(1, code);
        Assert.Contains(name, error, StringComparison.Ordinal);
        Assert.Contains(wanted, error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_sqlite_stands_for_the_server_of_the_installations_own()
    {
        _program.WriteDotEnv("DATABASE_URL=sqlite:///revenue.db\n");
        var (code, output, _) = await _program.RunAsync("doctor");
        Assert.Equal(0, code);
        Assert.Contains("skip postgres      Starts with ./empire up", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_line_of_the_env_file_is_named()
    {
        _program.WriteDotEnv("EMPIRE_PORT=18084\nnonsense\n");
        var (code, _, error) = await _program.RunAsync("status");
        Assert.Equal(1, code);
        Assert.EndsWith(".env, line 2: expected NAME=value.", error.Trim());
    }

    public void Dispose() => _program.Dispose();
}
