using FsCheck;
using FsCheck.Fluent;
using Empire.Payments.Ledger;
using Empire.Payments.Ledger.Checking;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Payments.Tests.Ledger;

/// <summary>Bookings come in any order, twice, alone or in groups; the books must not care.</summary>
public sealed class AnyOrderTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    private static readonly string[] Names = ["cash:stripe", "cash:bank", "receivable:meadow", "payable:llm", "revenue:sales", "revenue:refunds", "cost:llm", "fee:stripe"];
    private static readonly Currency[] Currencies = [Currency.Usd, Currency.Eur, Currency.Parse("JPY")];

    [Fact]
    public void Any_order_number_and_grouping_gives_the_same_balanced_books()
    {
        var told = from count in Gen.Choose(1, 12)
                   from bookings in Gen.ArrayOf(Bookings(), count)
                   let named = bookings.Select((booking, i) => booking with { Cause = $"any:{i}" }).ToArray()
                   from order in Gen.Shuffle(named.Concat(named.Take(count / 2)).ToArray())
                   from groups in Gen.ArrayOf(Gen.Choose(1, 5), order.Length)
                   select (Bookings: named, Order: order, Groups: groups);
        Prop.ForAll(told.ToArbitrary(), x => SameAsync(x.Bookings, x.Order, x.Groups).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    /// <summary>Two to five lines in each of one or two currencies, the last of which makes it balance.</summary>
    private static Gen<Booking> Bookings() =>
        from currencies in Gen.Choose(1, 2)
        from lines in Gen.ArrayOf(from size in Gen.Choose(1, 4) from some in Gen.ArrayOf(from name in Gen.Elements(Names) from micros in Gen.Choose(1, 5_000_000) from credit in Gen.Elements(1, -1) select (name, micros: (long)micros * credit), size) select some, currencies)
        from first in Gen.Choose(0, Currencies.Length - 1)
        from test in Gen.Elements(true, false)
        from hours in Gen.Choose(0, 50)
        select new Booking("", Books.Day.AddHours(hours), "Any", test, Lineage.None, [.. lines.SelectMany((own, i) => Balanced(own, Currencies[(first + i) % Currencies.Length]))]);

    private static IEnumerable<BookingLine> Balanced((string Name, long Micros)[] lines, Currency currency)
    {
        foreach (var (name, micros) in lines) yield return new(name, new(micros, currency));
        var rest = -lines.Sum(line => line.Micros);
        if (rest != 0) yield return new("fx:rest", new(rest, currency));
        else
        {
            yield return new("fx:rest", new(1, currency));
            yield return new("fx:more", new(-1, currency));
        }
    }

    private async Task<bool> SameAsync(Booking[] bookings, Booking[] order, int[] groups)
    {
        var (straight, any) = (new Books(app), new Books(app));
        await straight.PostAsync(bookings);
        await using (var work = await app.Database.BeginAsync(any.Tenant, CancellationToken.None))
        {
            for (var (at, group) = (0, 0); at < order.Length; at += groups[group++]) await Book.PostAllAsync(work, order[at..Math.Min(at + groups[group], order.Length)], CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }
        Assert.Equal(await TextAsync(straight), await TextAsync(any));
        var balance = (await any.GetAsync("/api/v1/ledger/trial-balance")).GetProperty("currencies");
        Assert.All(balance.EnumerateArray(), currency => Assert.Equal(0m, currency.GetProperty("difference").GetDecimal()));
        Assert.Equal(balance.GetRawText(), (await straight.GetAsync("/api/v1/ledger/trial-balance?at=2027-01-01T00:00:00Z")).GetProperty("currencies").GetRawText());
        while (true)
        {
            if (await app.Services.GetRequiredService<LedgerCheck>().NowAsync(whole: true, CancellationToken.None) is not { } check) continue; // the service itself is at it
            Assert.Equal(0, check.Open);
            return true;
        }
    }

    /// <summary>All entries with their lines, in one way of writing.</summary>
    private static Task<string> TextAsync(Books books) => books.SeeAsync<string>(
        """
        select string_agg(concat_ws('|', e.cause, e.occurred_at, e.test, l.position, l.account, l.currency, l.micros), E'\n' order by e.cause collate "C", l.position)
        from ledger_entries e join ledger_lines l on l.entry_id = e.id where e.tenant_id = @tenant
        """);
}
