using System.Net;
using System.Text;
using Empire.Payments.Cards;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Empire.Payments.Tests.Cards;

/// <summary>A log that a test can read.</summary>
public sealed class LoggedApp : PaymentsApp
{
    public Lines Log { get; } = new();

    protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<ILoggerProvider>(Log);

    public sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly StringBuilder text = new();

        public override string ToString() { lock (text) return text.ToString(); }
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) { lock (text) text.AppendLine($"{formatter(state, exception)} {exception}"); }
        public void Dispose() { }
    }
}

/// <summary>PAY-19: no card number comes in, stays or is logged.</summary>
public sealed class CardGuardTests(LoggedApp app) : IClassFixture<LoggedApp>
{
    [Theory]
    [InlineData("""{"customer_id":"cust_1","amount":10,"card":{"number":"4242424242424242"}}""")]
    [InlineData("""{"customer_id":"cust_1","amount":10,"description":"card 4242 4242 4242 4242 please"}""")]
    [InlineData("""{"customer_id":"cust_1","amount":10,"description":"5555-5555-5555-4444"}""")]
    [InlineData("""{"number":378282246310005}""")]
    [InlineData("""{"customer_id":"cust_1","amount":10,"description":"\u0034242 4242\u00204242 424\u0032"}""")]
    [InlineData("""{"customer_id":"cust_1","amount":10,"description":"4242  4242 - 4242  4242"}""")]
    public async Task A_body_with_a_card_number_is_refused_and_not_logged(string body)
    {
        using var client = app.OwnerClient();
        using var answer = await client.PostAsync("/api/v1/revenue/payments", new StringContent(body, Encoding.UTF8, "application/json"));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("CARD_DATA_REFUSED", text, StringComparison.Ordinal);
        foreach (var digits in (string[])["4242424242424242", "4242 4242 4242 4242", "5555-5555-5555-4444", "378282246310005"])
        {
            Assert.DoesNotContain(digits, text, StringComparison.Ordinal);
            Assert.DoesNotContain(digits, app.Log.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task One_in_the_address_is_refused_too()
    {
        using var client = app.OwnerClient();
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/api/v1/revenue/customers?email=4242424242424242")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/api/v1/revenue/customers/4242424242424242")).StatusCode);
    }

    [Fact]
    public async Task After_a_payment_neither_database_nor_log_holds_a_card_number()
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        var tables = await Dapper.SqlMapper.QueryAsync<string>(owner, "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('public', 'kernel')");
        foreach (var table in tables)
            foreach (var row in await Dapper.SqlMapper.QueryAsync<string>(owner, $"select to_jsonb(t)::text from {table} t"))
                Assert.False(CardNumbers.AreIn(Encoding.UTF8.GetBytes(row)), $"{table}: {row}");
        Assert.False(CardNumbers.AreIn(Encoding.UTF8.GetBytes(app.Log.ToString())));
    }

    [Theory]
    [InlineData("4242424242424242", true)]
    [InlineData("4242424242424241", false)]          // the check digit is wrong
    [InlineData("x4242424242424242", false)]         // part of a word, as an id
    [InlineData("42424242424242424242", false)]      // too long
    [InlineData("01a1fc9b-10cd-71b6-8c63-7562a6d78390", false)]
    [InlineData("1763625600000", false)]             // milliseconds
    [InlineData("\"6011111111111117\"", true)]
    [InlineData("30569309025904", true)]
    public void A_number_is_a_card_by_length_network_and_check_digit(string text, bool card) => Assert.Equal(card, CardNumbers.AreIn(Encoding.UTF8.GetBytes(text)));
}
