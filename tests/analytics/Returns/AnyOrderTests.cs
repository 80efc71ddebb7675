using Empire.Analytics.Conversions;
using Empire.Analytics.Costs;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Analytics.Tests.Returns;

/// <summary>Messages come late, twice and in any order; the figures must not care.</summary>
public sealed class AnyOrderTests(AnalyticsApp app) : IClassFixture<AnalyticsApp>
{
    private const int Links = 3;

    /// <summary>A sale (or its return) through one of the links, or a cost.</summary>
    public sealed record Fact(int Id, int Link, bool Sale, bool Returned, int Micros);

    [Fact]
    public void Facts_in_any_order_and_number_give_the_same_figures()
    {
        var facts = Gen.Choose(1, 12).SelectMany(count => Gen.ArrayOf(
            from link in Gen.Choose(0, Links - 1)
            from sale in Gen.Elements(true, false)
            from returned in Gen.Elements(true, false)
            from micros in Gen.Choose(1, 5_000_000)
            select (link, sale, returned, micros), count));
        var told = from all in facts
                   let messages = all.SelectMany((f, i) => MessagesOf(new(i, f.link, f.sale, f.returned, f.micros))).ToArray()
                   from order in Gen.Shuffle(messages.Concat(messages.Take(messages.Length / 2)).ToArray())
                   select (Facts: all.Select((f, i) => new Fact(i, f.link, f.sale, f.returned, f.micros)).ToArray(), Order: order);

        Prop.ForAll(told.ToArbitrary(), x => TellAsync(x.Facts, x.Order).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    /// <summary>One sale that was returned is told by two messages; the second alone tells all, as a report does.</summary>
    private static IEnumerable<(Fact Fact, bool Reversal)> MessagesOf(Fact fact)
    {
        if (!fact.Returned || fact.Micros % 3 != 0) yield return (fact, false);
        if (fact.Sale && fact.Returned) yield return (fact, true);
        else if (fact.Returned && fact.Micros % 3 == 0) yield return (fact, false);
    }

    private async Task<bool> TellAsync(Fact[] facts, (Fact Fact, bool Reversal)[] order)
    {
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        var run = Guid.CreateVersion7();
        var clicks = new string[Links];
        for (var i = 0; i < Links; i++) clicks[i] = await app.ClickAsync(await app.LinkAsync(new() { Destination = "https://shop.example/", Niche = $"niche-{i}" }, tenant));
        var costIds = facts.Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var (fact, reversal) in order)
        {
            if (fact.Sale) await SaleAsync(run, clicks[fact.Link], fact, reversal);
            else await CostAsync(tenant, costIds[fact.Id], fact);
        }

        using var client = app.ClientFor(tenant);
        var report = System.Text.Json.JsonDocument.Parse(await client.GetStringAsync("/api/v1/analytics/roi?by=niche")).RootElement;
        for (var i = 0; i < Links; i++)
        {
            var row = report.GetProperty("rows").EnumerateArray().FirstOrDefault(row => row.GetProperty("value").GetString() == $"niche-{i}");
            var (cost, revenue) = row.ValueKind == System.Text.Json.JsonValueKind.Undefined ? (0m, 0m) : (row.GetProperty("cost").GetDecimal(), row.GetProperty("revenue").GetDecimal());
            Assert.Equal(facts.Where(f => f.Link == i && !f.Sale).Sum(f => f.Micros) / 1_000_000m, cost);
            Assert.Equal(facts.Where(f => f.Link == i && f.Sale && !f.Returned).Sum(f => f.Micros) / 1_000_000m, revenue);
        }
        return true;
    }

    private async Task SaleAsync(Guid run, string subId, Fact fact, bool reversal) => await app.Services.GetRequiredService<ConversionIntake>().TakeAsync(
        Network.All[0],
        new($"{run:N}-{fact.Id}", reversal ? ConversionStatus.Reversed : ConversionStatus.Approved, subId, null, null, new(fact.Micros, Currency.Usd), TimeProvider.System.GetUtcNow(), "{}"),
        "postback", CancellationToken.None);

    private async Task CostAsync(TenantId tenant, Guid id, Fact fact)
    {
        await using var work = await app.Database.BeginAsync(tenant, CancellationToken.None);
        await new RecordCost().HandleAsync(new()
        {
            TenantId = tenant.Value, CostId = id, Category = "llm", Micros = fact.Micros, Currency = "USD", Niche = $"niche-{fact.Link}", Description = "tokens", Test = true,
            OccurredAt = TimeProvider.System.GetUtcNow(),
        }, work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }
}
