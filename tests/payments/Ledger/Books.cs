using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Empire.Contracts;
using Empire.Messaging;
using Empire.Payments.Ledger;

namespace Empire.Payments.Tests.Ledger;

/// <summary>An account of its own in a running service: tells facts of it on the bus and reads its books.</summary>
public sealed class Books(PaymentsApp app)
{
    public static readonly DateTimeOffset Day = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);

    public TenantId Tenant { get; } = TenantId.New(TimeProvider.System.GetUtcNow());

    public HttpClient Client => field ??= app.ClientFor(Tenant);

    /// <summary>Puts facts on the bus, as their publisher does.</summary>
    public async Task TellAsync(params object[] facts)
    {
        await using var work = await app.Database.BeginAsync(Tenant, CancellationToken.None);
        foreach (var fact in facts) Publish(work, (dynamic)fact);
        await work.CommitAsync(CancellationToken.None);
    }

    private static void Publish<TFact>(Empire.Data.Work work, TFact fact) where TFact : class => work.Publish(fact);

    /// <summary>Hears a fact in this process, without the bus.</summary>
    public async Task HearAsync<TFact>(IHandle<TFact> handler, TFact fact) where TFact : class
    {
        await using var work = await app.Database.BeginAsync(Tenant, CancellationToken.None);
        await handler.HandleAsync(fact, work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    public async Task PostAsync(params Booking[] bookings)
    {
        await using var work = await app.Database.BeginAsync(Tenant, CancellationToken.None);
        Assert.Equal(bookings.Length, await Book.PostAllAsync(work, bookings, CancellationToken.None));
        await work.CommitAsync(CancellationToken.None);
    }

    public async Task<JsonElement> GetAsync(string path) => await Client.GetFromJsonAsync<JsonElement>(path);

    /// <returns>Debit − credit.</returns>
    public async Task<decimal> BalanceAsync(string account, string currency = "USD")
    {
        var accounts = (await GetAsync("/api/v1/ledger/accounts")).GetProperty("data").EnumerateArray();
        return accounts.Where(row => row.GetProperty("name").GetString() == account && row.GetProperty("currency").GetString() == currency).Sum(row => row.GetProperty("balance").GetDecimal());
    }

    public async Task<T> SeeAsync<T>(string sql)
    {
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        return (await owner.ExecuteScalarAsync<T>(sql, new { tenant = Tenant.Value }))!;
    }

    public CostIncurred Cost(decimal amount = 0.04m, string category = "llm", Lineage? on = null, string currency = "USD", DateTimeOffset? at = null) => new()
    {
        TenantId = Tenant.Value, CostId = Guid.CreateVersion7(), Category = category, Micros = Money.Of(amount, Currency.Usd).Micros, Currency = currency, Description = "tokens", Test = true,
        PieceId = on?.PieceId, Niche = on?.Niche, Platform = on?.Platform, ProductId = on?.ProductId, PromptVersion = on?.PromptVersion, PublicationId = on?.PublicationId, OccurredAt = at ?? Day,
    };

    public ConversionRecorded Conversion(decimal commission = 3.99m, Lineage? on = null, string network = "meadow") => new()
    {
        TenantId = Tenant.Value, ConversionId = Guid.CreateVersion7(), Network = network, NetworkConversionId = "n-1", CommissionMicros = Money.Of(commission, Currency.Usd).Micros, Currency = "USD",
        PieceId = on?.PieceId, Niche = on?.Niche, Platform = on?.Platform, ProductId = on?.ProductId, PromptVersion = on?.PromptVersion, Test = true, OccurredAt = Day,
    };

    public static ConversionReversed Reversal(ConversionRecorded of) => new()
    {
        TenantId = of.TenantId, ConversionId = of.ConversionId, CommissionMicros = of.CommissionMicros, Currency = of.Currency, OccurredAt = Day.AddDays(1),
    };

    public static Booking Sale(string cause, decimal amount, Lineage? on = null, string currency = "USD", DateTimeOffset? at = null) =>
        new(cause, at ?? Day, "A sale", Test: true, on ?? Lineage.None,
            [new(Accounts.Cash("stripe"), Money.Of(amount, Currency.Parse(currency))), new(Accounts.Revenue("sales"), Money.Of(-amount, Currency.Parse(currency)))]);
}
