namespace Stripe.Tests;

public sealed class RequestTests
{
    [Fact]
    public async Task A_call_names_key_version_account_and_who_calls()
    {
        await using var server = await StripeServer.StartAsync();
        await new CustomerService(server.Client(key: "sk_test_abc")).CreateAsync(new(), new() { StripeAccount = "acct_7", IdempotencyKey = "order-17" });
        var headers = server.Requests.Single().Headers;
        Assert.Equal("Bearer sk_test_abc", headers["Authorization"]);
        Assert.Equal("2023-08-16", headers["Stripe-Version"]);
        Assert.Equal("acct_7", headers["Stripe-Account"]);
        Assert.Equal("order-17", headers["Idempotency-Key"]);
        Assert.StartsWith("Stripe/v1 .NetBindings/42.4.0", headers["User-Agent"]);
    }

    [Fact]
    public async Task The_key_of_a_call_counts_before_the_clients()
    {
        await using var server = await StripeServer.StartAsync();
        await new CustomerService(server.Client()).GetAsync("cus_1", null, new() { ApiKey = "sk_test_other" });
        Assert.Equal("Bearer sk_test_other", server.Requests.Single().Headers["Authorization"]);
    }

    [Fact]
    public async Task Each_post_without_a_key_gets_its_own_and_a_get_gets_none()
    {
        await using var server = await StripeServer.StartAsync();
        var customers = new CustomerService(server.Client());
        await customers.CreateAsync(new());
        await customers.CreateAsync(new());
        await customers.GetAsync("cus_1");
        Assert.Equal(2, server.Requests.Select(request => request.Headers.GetValueOrDefault("Idempotency-Key")).Where(key => Guid.TryParse(key, out _)).Distinct().Count());
        Assert.False(server.Requests.Last().Headers.ContainsKey("Idempotency-Key"));
    }

    [Fact]
    public async Task A_call_without_any_key_is_refused_here()
    {
        await using var server = await StripeServer.StartAsync();
        var refusal = await Assert.ThrowsAsync<StripeException>(() => new CustomerService(new StripeClient(apiBase: server.Address)).GetAsync("cus_1"));
        Assert.Contains("API key", refusal.Message);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sk_test_1\n")]
    public void A_key_that_cannot_be_one_is_refused(string key) => Assert.Throws<ArgumentException>("apiKey", () => new StripeClient(key));

    [Fact]
    public async Task Options_of_a_call_can_be_used_again_with_another_client()
    {
        await using var first = await StripeServer.StartAsync();
        await using var second = await StripeServer.StartAsync();
        var options = new RequestOptions { StripeAccount = "acct_1" };
        await new CustomerService(first.Client()).GetAsync("cus_1", null, options);
        await new CustomerService(second.Client()).GetAsync("cus_1", null, options);
        Assert.Single(second.Requests);
    }

    [Fact]
    public async Task A_service_without_a_client_uses_the_configurations()
    {
        await using var server = await StripeServer.StartAsync();
        StripeConfiguration.StripeClient = server.Client();
        try
        {
            await new CustomerService().GetAsync("cus_1");
            Assert.Single(server.Requests);
        }
        finally
        {
            StripeConfiguration.StripeClient = null;
        }
    }
}
