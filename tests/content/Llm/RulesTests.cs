using Empire.Content.Llm;

namespace Empire.Content.Tests.Llm;

/// <summary>The arithmetic of calls: what they cost, when they may start, how long to wait.</summary>
public sealed class RulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly Provider Seller = new("OpenAI", new("https://provider.example/v1"), "a secret", Sandbox: false, Off: false, 3, TimeSpan.FromMinutes(1));
    private static readonly Model Mini = new("gpt-4o-mini", Seller, 150_000, 600_000, true, true);

    [Fact]
    public void A_call_costs_its_tokens_at_the_models_price_rounded_once() =>
        Assert.Equal(new Money(720, Currency.Usd), Mini.Cost(800, 1000)); // 800 x 0.15 + 1000 x 0.6 micros

    [Fact]
    public void The_ceiling_covers_the_worst_tokenizer_and_the_longest_reply() => Assert.True(Mini.Ceiling(800, 1000) >= Mini.Cost(800 + 64, 1000));

    [Fact]
    public void At_most_three_calls_start_in_any_minute_however_they_come()
    {
        var starts = new List<DateTimeOffset>();
        var given = new List<DateTimeOffset>();
        foreach (var second in (int[])[0, 0, 10, 20, 30, 61, 62, 200])
            given.Add(ProviderWindow.Take(starts, Noon.AddSeconds(second), limit: 3, TimeSpan.FromMinutes(1)));

        Assert.Equal([0, 0, 10, 60, 60, 70, 120, 200], given.Select(start => (int)(start - Noon).TotalSeconds));
    }

    [Theory]
    [InlineData(1, null, 4)]
    [InlineData(2, null, 8)]
    [InlineData(3, null, 10)]
    [InlineData(9, null, 10)]
    [InlineData(1, 6, 6)]
    [InlineData(1, 1, 4)]
    [InlineData(1, 60, 60)]
    public void Waits_double_from_four_to_ten_seconds_and_are_never_shorter_than_the_provider_asks(int attempt, int? retryAfter, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryWaits.After(attempt, retryAfter is { } asked ? TimeSpan.FromSeconds(asked) : null, new()));

    [Fact]
    public void A_provider_that_wants_an_hour_is_left_for_the_next_model() => Assert.Null(RetryWaits.After(1, TimeSpan.FromHours(1), new()));

    [Fact]
    public void A_providers_key_is_in_no_text() => Assert.DoesNotContain("secret", $"{Seller} {Seller.WindowKey} {Mini}", StringComparison.Ordinal);
}
