namespace Stripe.Tests;

public sealed class RetryTests
{
    const string Refused = """{"error":{"type":"api_error","message":"no"}}""";

    [Theory]
    [InlineData(500, null, 3)]
    [InlineData(503, null, 3)]
    [InlineData(409, null, 3)]
    [InlineData(429, null, 1)]
    [InlineData(400, null, 1)]
    [InlineData(402, null, 1)]
    [InlineData(429, "true", 3)]
    [InlineData(400, "true", 3)]
    [InlineData(500, "false", 1)]
    [InlineData(409, "false", 1)]
    [InlineData(500, "perhaps", 3)]
    public async Task Stripes_word_counts_first_then_the_status(int status, string? should, int attempts)
    {
        await using var server = await StripeServer.StartAsync();
        server.Default = _ => new(status, Refused, false, should is null ? [] : [("Stripe-Should-Retry", should)]);
        var refusal = await Assert.ThrowsAsync<StripeException>(() => new CustomerService(server.Client()).CreateAsync(new()));
        Assert.Equal(status, (int)refusal.HttpStatusCode);
        Assert.Equal(attempts, server.Requests.Count);
    }

    [Fact]
    public async Task Each_attempt_has_the_same_key_and_the_same_body()
    {
        await using var server = await StripeServer.StartAsync();
        server.Next(new Answer(500, Refused), new Answer(0, "", Abort: true));
        var customer = await new CustomerService(server.Client()).CreateAsync(new() { Email = "a@example.com" });
        Assert.Equal("cus_1", customer.Id);
        Assert.Equal(3, server.Requests.Count);
        Assert.Single(server.Requests.Select(request => request.Headers["Idempotency-Key"]).Distinct());
        Assert.All(server.Requests, request => Assert.Equal("email=a%40example.com", request.Raw));
    }

    [Fact]
    public async Task A_server_that_stays_away_is_an_error_of_the_network()
    {
        await using var server = await StripeServer.StartAsync();
        server.Default = _ => new(0, "", Abort: true);
        await Assert.ThrowsAsync<HttpRequestException>(() => new CustomerService(server.Client(retries: 1)).CreateAsync(new()));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_made_again()
    {
        await using var server = await StripeServer.StartAsync();
        server.Next(Answer.Never);
        var customer = await new CustomerService(server.Client(attempt: TimeSpan.FromSeconds(1))).CreateAsync(new());
        Assert.Equal("cus_1", customer.Id);
        Assert.Single(server.Requests.Select(request => request.Headers["Idempotency-Key"]).Distinct());
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task The_second_pause_is_longer_than_the_first()
    {
        await using var server = await StripeServer.StartAsync();
        server.Default = _ => new(500, Refused);
        var clock = new ImmediateClock();
        await Assert.ThrowsAsync<StripeException>(() => new CustomerService(server.Client(clock: clock)).CreateAsync(new()));
        Assert.Equal(2, clock.Pauses.Count);
        Assert.Equal(TimeSpan.FromSeconds(0.5), clock.Pauses.First());
        Assert.InRange(clock.Pauses.Last(), TimeSpan.FromSeconds(0.75), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Pauses_double_up_to_five_seconds_less_a_quarter_at_most()
    {
        for (var retries = 0; retries < 100; retries++)
        {
            var longest = SystemNetHttpClient.Pause(retries, 0);
            Assert.Equal(Math.Min(0.5 * Math.Pow(2, retries), 5), longest.TotalSeconds, 6);
            Assert.InRange(SystemNetHttpClient.Pause(retries, 1).TotalSeconds, 0.5, longest.TotalSeconds);
        }
        Assert.Equal(3.75, SystemNetHttpClient.Pause(9, 1).TotalSeconds, 6);
    }

    [Fact]
    public async Task A_pause_ends_when_the_caller_gives_up()
    {
        await using var server = await StripeServer.StartAsync();
        using var gaveUp = new CancellationTokenSource();
        server.Default = _ => new(500, Refused);
        // The clock gives the call up at the moment at which the pause begins, and never lets the pause pass.
        var call = new CustomerService(server.Client(clock: new GivingUpClock(gaveUp))).CreateAsync(new(), null, gaveUp.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Single(server.Requests);
    }

    sealed class GivingUpClock(CancellationTokenSource gaveUp) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            gaveUp.CancelAfter(1);
            return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
        }
    }
}
