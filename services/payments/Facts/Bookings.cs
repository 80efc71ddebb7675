using System.Collections.Immutable;
using Empire.Payments.Ledger;

namespace Empire.Payments.Facts;

/// <summary>How facts about payments stand in the books. Pure: the same fact and terms give the same entries. Every cause names the provider's own object, so what is told
/// twice, by two kinds of events, or found in a list later, is booked once.</summary>
public static class Bookings
{
    /// <summary>Marks the taking of a part.</summary>
    public const string PartSuffix = ":partial";

    /// <summary>All of it is ours where it is what was asked for; what is too much is the payer's credit, and so is all of what is too little to buy anything.</summary>
    public static Booking Of(MoneyArrived fact, Terms terms)
    {
        var cash = new BookingLine(Accounts.Cash(fact.Provider), fact.Amount);
        if (fact.Partial || !Covers(fact.Amount, terms.Asked))
            return Entry(fact, CauseOfShort(fact), "Less than was asked for", terms, cash, new(Accounts.CustomerCredit, -fact.Amount));
        var lines = ImmutableArray.CreateBuilder<BookingLine>();
        lines.Add(cash);
        if (terms.ForSeller)
        {
            Add(lines, Accounts.ConnectedAccounts, terms.PlatformFee - terms.Asked);
            Add(lines, Accounts.Revenue("platform-fee"), -terms.PlatformFee);
        }
        else Add(lines, terms.Revenue, -terms.Asked);
        Add(lines, Accounts.CustomerCredit, terms.Asked - fact.Amount);
        return Entry(fact, CauseOfWhole(fact), "Payment received", terms, [.. lines]);
    }

    /// <summary>What money means beside other money for the same payment, and beside what was sent back. The more is known the more entries there are, so that they are the same in whatever order it was told.</summary>
    /// <param name="arrived">All that came for one payment.</param>
    /// <param name="sentBack">The addresses of which all was sent back.</param>
    /// <param name="settled">The addresses of which it is known what was left.</param>
    public static IEnumerable<Booking> Together(IReadOnlyCollection<MoneyArrived> arrived, IReadOnlyCollection<SentBack> sentBack, IReadOnlyCollection<CoinsSettled> settled, Terms terms)
    {
        foreach (var paidOut in settled.Where(one => one is { PaidOut: true, Left.Micros: not 0 }).DistinctBy(one => one.Reference))
            if (sentBack.FirstOrDefault(back => back.Reference == paidOut.Reference) is { } back) yield return Returned(PaidOut(paidOut, terms), back);
        foreach (var money in arrived.DistinctBy(money => money.Taken))
        {
            var entry = Of(money, terms);
            var isPart = money.Partial && arrived.Any(other => IsMoreOf(other, money));
            if (isPart) yield return Superseded(entry);
            if (sentBack.FirstOrDefault(back => back.Reference == AddressOf(money)) is not { } back) continue;
            var returned = Returned(entry, back);
            yield return returned;
            if (isPart) yield return Superseded(returned);
        }
        foreach (var second in Wholes(arrived, terms).Skip(1))
        {
            var credited = TooMuch(second, terms);
            yield return credited;
            if (sentBack.FirstOrDefault(back => back.Reference == AddressOf(second)) is { } back) yield return Returned(credited, back);
        }
    }

    /// <summary>Those that each paid all of it, the earliest first: it is the payment's.</summary>
    public static IEnumerable<MoneyArrived> Wholes(IEnumerable<MoneyArrived> arrived, Terms terms) => arrived.Where(money => !money.Partial && Covers(money.Amount, terms.Asked)).DistinctBy(money => money.Taken)
        .OrderBy(money => money.At).ThenBy(money => money.Taken, StringComparer.Ordinal);

    /// <summary>Of coins, the provider's id of where they came to; parts that came there are told apart by what stands behind it.</summary>
    public static string AddressOf(MoneyArrived fact) => fact.Taken.Split(':')[0];

    /// <summary>Whether a part is a part of this: of the whole, or of all that had come until later. Of two reports of the same sum one stands.</summary>
    private static bool IsMoreOf(MoneyArrived other, MoneyArrived part) => AddressOf(other) == AddressOf(part)
        && (!other.Partial || (other.Amount.Micros, string.CompareOrdinal(other.Taken, part.Taken)).CompareTo((part.Amount.Micros, 0)) > 0);

    /// <summary>What an older rule booked for coins that were sent back: the price, whether it had arrived or not; and that this is taken back, for what really went is booked beside what had come.</summary>
    public static ImmutableArray<Booking> Of(SentBack fact, Terms terms)
    {
        if (fact.Booked is not { } price) return [];
        var done = Entry(fact, $"{fact.Provider}:refund:{fact.RefundId}", "Refund", terms, new(Accounts.Refunds, price), new(Accounts.Cash(fact.Provider), -price));
        return [done, Undone(done) with { Cause = done.Cause + ":undone", Description = "Refund, booked anew by what had come" }];
    }

    private static string CauseOfShort(MoneyArrived fact) => $"{fact.Provider}:charge:{fact.Taken}:short";

    private static string CauseOfWhole(MoneyArrived fact) => $"{fact.Provider}:charge:{fact.Taken}:captured";

    /// <summary>Of two that each paid the whole, by two pages or two addresses, the earlier one is the payment; the later one is the payer's credit. Which is which is known when both are there, so both are booked as they
    /// come, and this beside the later one.</summary>
    private static Booking TooMuch(MoneyArrived second, Terms terms) =>
        new($"{second.Provider}:charge:{second.Taken}:second", second.At, "Paid a second time", terms.Test, terms.Lineage, [new(terms.Revenue, terms.Asked), new(Accounts.CustomerCredit, -terms.Asked)]);

    /// <summary>What had come too little is part of the whole that came in the end: it stands no longer beside it.</summary>
    /// <param name="partial">The entry of the part.</param>
    private static Booking Superseded(Booking partial) => Undone(partial) with { Cause = partial.Cause + ":superseded", Description = "Part of what came in the end" };

    /// <summary>Out of the accounts into which it had come; what was revenue is a refund.</summary>
    private static Booking Returned(Booking came, SentBack back) => new(came.Cause + ":returned", back.At, "Coins sent back", came.Test, came.Lineage,
        [.. came.Lines.Select(line => new BookingLine(line.Account.StartsWith("revenue:", StringComparison.Ordinal) ? Accounts.Refunds : line.Account, -line.Amount))]);

    private static Booking Undone(Booking entry) => entry with { Lines = [.. entry.Lines.Select(line => line with { Amount = -line.Amount })] };

    /// <summary>The provider's fee, and the change of currency where it settles in another than the payer paid in. Each movement has the rate of its day: what they leave between the two currencies is gain or loss.</summary>
    /// <returns>None where there is neither.</returns>
    public static ImmutableArray<Booking> Of(FeeTaken fact, Terms terms)
    {
        var entries = ImmutableArray.CreateBuilder<Booking>();
        var cash = Accounts.Cash(fact.Provider);
        if (fact.Gross.Currency != fact.Original.Currency && fact.Gross.Micros != 0 && fact.Original.Micros != 0)
            entries.Add(Entry(fact, $"{fact.Provider}:movement:{fact.Id}:exchange", "Changed into the currency of settlement", terms,
                new(cash, fact.Gross), new(Accounts.Exchange, -fact.Gross), new(Accounts.Exchange, fact.Original), new(cash, -fact.Original)));
        if (fact.Fee.Micros != 0)
            entries.Add(Entry(fact, $"{fact.Provider}:movement:{fact.Id}:fee", "Fee of the provider", terms, new(Accounts.Fee(fact.Provider), fact.Fee), new(cash, -fact.Fee)));
        return entries.ToImmutable();
    }

    /// <summary>What is not left of the coins is the provider's fee; where it changed them, what the change cost or brought is part of it. What went to a wallet is no longer with the provider.</summary>
    public static ImmutableArray<Booking> Of(CoinsSettled fact, Terms terms)
    {
        var entries = ImmutableArray.CreateBuilder<Booking>();
        var (cash, fee) = (Accounts.Cash(fact.Provider), fact.Worth - fact.Left);
        if (fee.Micros != 0) entries.Add(Entry(fact, $"{fact.Provider}:movement:{fact.Reference}:fee", "Fee of the provider", terms, new(Accounts.Fee(fact.Provider), fee), new(cash, -fee)));
        if (fact is { PaidOut: true, Left.Micros: not 0 }) entries.Add(PaidOut(fact, terms));
        return entries.ToImmutable();
    }

    private static Booking PaidOut(CoinsSettled fact, Terms terms) =>
        Entry(fact, $"{fact.Provider}:payout:{fact.Reference}", "Paid out to the wallet", terms, new(Accounts.Wallet(fact.Coin), fact.Left), new(Accounts.Cash(fact.Provider), -fact.Left));

    /// <summary>Booked once it is done. One that the payer's bank sends back was done first: both entries stand, whichever report came.</summary>
    public static ImmutableArray<Booking> Of(RefundStands fact, Terms terms)
    {
        if (fact.Status == RefundStatus.Pending) return [];
        var (cash, given) = (Accounts.Cash(fact.Provider), terms.ForSeller ? Accounts.ConnectedAccounts : Accounts.Refunds);
        var done = Entry(fact, $"{fact.Provider}:refund:{fact.Id}", "Refund", terms, new(given, fact.Amount), new(cash, -fact.Amount));
        return fact.Status == RefundStatus.Succeeded ? [done]
            : [done, Entry(fact, $"{fact.Provider}:refund:{fact.Id}:failed", "Refund came back", terms, new(cash, fact.Amount), new(given, -fact.Amount))];
    }

    /// <summary>Held from the day it was opened; lost or released when it is decided. What is lost of a seller's sale is the seller's, as with a refund. A warning moves no money.</summary>
    public static ImmutableArray<Booking> Of(DisputeStands fact, Terms terms)
    {
        if (fact.Status.StartsWith("warning", StringComparison.Ordinal)) return [];
        var entries = ImmutableArray.CreateBuilder<Booking>();
        var (cash, held) = (Accounts.Cash(fact.Provider), Accounts.DisputesHeld(fact.Provider));
        var opened = fact with { At = fact.OpenedAt };
        entries.Add(Entry(opened, $"{fact.Provider}:dispute:{fact.Id}:opened", "Disputed: held by the payer's bank", terms, new(held, fact.Amount), new(cash, -fact.Amount)));
        if (fact.Fee is { Micros: > 0 } fee)
            entries.Add(Entry(opened, $"{fact.Provider}:dispute:{fact.Id}:fee", "Fee of a dispute", terms, new(Accounts.Fee(fact.Provider), fee), new(cash, -fee)));
        if (fact.FeeReturned is { Micros: > 0 } returned)
            entries.Add(Entry(opened, $"{fact.Provider}:dispute:{fact.Id}:fee-returned", "Fee of a dispute, given back", terms, new(cash, returned), new(Accounts.Fee(fact.Provider), -returned)));
        if (fact.Status == "won")
            entries.Add(Entry(opened, $"{fact.Provider}:dispute:{fact.Id}:won", "Dispute won: released", terms, new(cash, fact.Amount), new(held, -fact.Amount)));
        if (fact.Status == "lost")
            entries.Add(Entry(opened, $"{fact.Provider}:dispute:{fact.Id}:lost", "Dispute lost", terms, new(Accounts.DisputeLosses, fact.Amount), new(held, -fact.Amount)));
        if (fact.Status == "lost" && terms.ForSeller) // an entry of its own: there are books in which the other stands alone
            entries.Add(Entry(opened, $"{fact.Provider}:dispute:{fact.Id}:lost:seller", "Dispute lost: the seller's", terms, new(Accounts.ConnectedAccounts, fact.Amount), new(Accounts.DisputeLosses, -fact.Amount)));
        return entries.ToImmutable();
    }

    /// <summary>One that the bank sends back was under way first: both entries stand, whichever report came.</summary>
    public static ImmutableArray<Booking> Of(PaidOut fact)
    {
        var cash = Accounts.Cash(fact.Provider);
        var entries = ImmutableArray.CreateBuilder<Booking>();
        entries.Add(Entry(fact, $"{fact.Provider}:payout:{fact.Id}", "Paid out to the bank", Lineage.None, fact.Test, new(Accounts.Bank, fact.Amount), new(cash, -fact.Amount)));
        if (fact.Fee is { Micros: > 0 } fee)
            entries.Add(Entry(fact, $"{fact.Provider}:payout:{fact.Id}:fee", "Fee of a payout", Lineage.None, fact.Test, new(Accounts.Fee(fact.Provider), fee), new(cash, -fee)));
        if (fact.FailedAt is { } at)
            entries.Add(Entry(fact with { At = at }, $"{fact.Provider}:payout:{fact.Id}:failed", "Payout came back from the bank", Lineage.None, fact.Test, new(cash, fact.Amount), new(Accounts.Bank, -fact.Amount)));
        return entries.ToImmutable();
    }

    public static Booking Of(PassedOn fact, Terms terms) =>
        Entry(fact, $"{fact.Provider}:transfer:{fact.Id}", "Passed on to the seller", terms, new(Accounts.ConnectedAccounts, fact.Amount), new(Accounts.Cash(fact.Provider), -fact.Amount));

    public static Booking Of(ShareKept fact, Terms terms) =>
        Entry(fact, $"{fact.Provider}:share:{fact.Id}", "Share of the platform, back from the seller", terms, new(Accounts.Cash(fact.Provider), fact.Amount), new(Accounts.ConnectedAccounts, -fact.Amount));

    /// <summary>What went back to the payer was booked against the seller; their part comes back here.</summary>
    public static Booking Of(PassedBack fact, Terms terms) =>
        Entry(fact, $"{fact.Provider}:transfer-reversal:{fact.Id}", "Back from the seller", terms, new(Accounts.Cash(fact.Provider), fact.Amount), new(Accounts.ConnectedAccounts, -fact.Amount));

    /// <summary>As much as the provider says: so much of its fee the platform has not earned.</summary>
    public static Booking Of(ShareReturned fact, Terms terms) =>
        Entry(fact, $"{fact.Provider}:share-refund:{fact.Id}", "Share of the platform, given back", terms, new(Accounts.Revenue("platform-fee"), fact.Amount), new(Accounts.Cash(fact.Provider), -fact.Amount));

    /// <summary>The credit that an invoice takes is revenue then, and what it leaves as credit is none: a month that is paid for and not used. A void invoice gives back what it took: both entries stand, whichever report came.</summary>
    public static ImmutableArray<Booking> Of(InvoiceStands fact, Guid customer)
    {
        if (fact.Status == "draft" || fact.CreditUsed is not { Micros: not 0 } used) return [];
        var (made, lineage) = (fact with { At = fact.CreatedAt }, new Lineage { CustomerId = customer });
        var taken = Entry(made, $"{fact.Provider}:invoice:{fact.Id}:credit", used.Micros > 0 ? "Invoice paid from credit" : "Credit from an invoice", lineage, fact.Test, new(Accounts.CreditAtStripe, used), new(Accounts.Revenue("subscription"), -used));
        return fact.Status != "void" ? [taken] : [taken, Entry(made, $"{fact.Provider}:invoice:{fact.Id}:credit:returned", "Credit of a void invoice", lineage, fact.Test, new(Accounts.Revenue("subscription"), used), new(Accounts.CreditAtStripe, -used))];
    }

    /// <summary>Enough, in the right currency.</summary>
    public static bool Covers(Money arrived, Money asked) => arrived.Currency == asked.Currency && arrived >= asked;

    private static void Add(ImmutableArray<BookingLine>.Builder lines, string account, Money amount)
    {
        if (amount.Micros != 0) lines.Add(new(account, amount));
    }

    private static Booking Entry(Fact fact, string cause, string description, Terms terms, params ImmutableArray<BookingLine> lines) => Entry(fact, cause, description, terms.Lineage, terms.Test, lines);

    /// <param name="test">Of what belongs to no payment: as its own words were stored.</param>
    private static Booking Entry(Fact fact, string cause, string description, Lineage lineage, bool test, params ImmutableArray<BookingLine> lines) => new(cause, fact.At, description, test, lineage, lines);
}
