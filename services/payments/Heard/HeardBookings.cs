using Empire.Contracts;
using Empire.Payments.Ledger;

namespace Empire.Payments.Heard;

/// <summary>What each heard fact means in debits and credits: of the fact alone, so that it means the same whenever it is asked. Null: it moves no money.</summary>
internal static class HeardBookings
{
    public static Booking? Of(CostIncurred cost) => cost.Micros == 0 ? null
        : Entry($"cost:{cost.CostId}", cost.OccurredAt, cost.Description, cost.Test,
            new() { PieceId = cost.PieceId, PublicationId = cost.PublicationId, ProductId = cost.ProductId, Niche = cost.Niche, Platform = cost.Platform, PromptVersion = cost.PromptVersion },
            Accounts.Cost(Accounts.NameOf(cost.Category)), Accounts.Payable(Accounts.NameOf(cost.Category)), cost.Micros, cost.Currency);

    public static Booking? Of(ConversionRecorded conversion) => conversion.CommissionMicros == 0 ? null
        : Entry($"conversion:{conversion.ConversionId}", conversion.OccurredAt, $"Commission of {conversion.Network} for {conversion.NetworkConversionId}", conversion.Test, LineageOf(conversion),
            Accounts.Receivable(Accounts.NameOf(conversion.Network)), Accounts.Revenue("affiliate"), conversion.CommissionMicros, conversion.Currency);

    /// <param name="conversion">What is taken back: its network and lineage stand only there.</param>
    public static Booking? Of(ConversionRecorded conversion, ConversionReversed reversal) => reversal.CommissionMicros == 0 ? null
        : Entry($"conversion:{conversion.ConversionId}:reversed", reversal.OccurredAt, $"{conversion.Network} took back the commission for {conversion.NetworkConversionId}", conversion.Test,
            LineageOf(conversion), Accounts.Revenue("affiliate"), Accounts.Receivable(Accounts.NameOf(conversion.Network)), reversal.CommissionMicros, reversal.Currency);

    public static Booking? Of(AdRevenueReported income) => income.Micros == 0 ? null
        : Entry($"ads:{income.AdRevenueId}", income.OccurredAt, income.Description, income.Test,
            new() { PieceId = income.PieceId, PublicationId = income.PublicationId, ProductId = income.ProductId, Niche = income.Niche, Platform = income.Platform, PromptVersion = income.PromptVersion },
            Accounts.Receivable(Accounts.NameOf(income.Network)), Accounts.Revenue("ads"), income.Micros, income.Currency);

    public static Booking? Of(SponsoredIncomeRecorded income) => income.Micros == 0 ? null
        : Entry($"sponsored:{income.SponsoredIncomeId}", income.OccurredAt, income.Description, income.Test,
            new() { PieceId = income.PieceId, PublicationId = income.PublicationId, ProductId = income.ProductId, Niche = income.Niche, Platform = income.Platform, PromptVersion = income.PromptVersion },
            Accounts.Receivable("sponsors"), Accounts.Revenue("sponsored"), income.Micros, income.Currency);

    public static Booking? Of(LeadConverted lead) => lead.Micros == 0 ? null
        : Entry($"lead:{lead.LeadConversionId}", lead.OccurredAt, "A lead became a customer", lead.Test,
            new() { PieceId = lead.PieceId, PublicationId = lead.PublicationId, ProductId = lead.ProductId, Niche = lead.Niche, Platform = lead.Platform, PromptVersion = lead.PromptVersion },
            Accounts.Receivable("leads"), Accounts.Revenue("lead"), lead.Micros, lead.Currency);

    public static Booking? Of(TransactionPaid paid) =>
        Entry($"transaction:{paid.TransactionId}:paid", paid.OccurredAt, paid.Micros > 0 ? "Paid to the bank" : "Paid back from the bank", paid.Test,
            new() { PieceId = paid.PieceId, PublicationId = paid.PublicationId, ProductId = paid.ProductId, Niche = paid.Niche, Platform = paid.Platform, PromptVersion = paid.PromptVersion },
            Accounts.Bank, paid.Account, paid.Micros, paid.Currency);

    public static Booking Of(ReferralRewarded reward) => Entry($"referral:{reward.ReferralId}", reward.OccurredAt, "Reward for a referral", reward.Test, new() { CustomerId = reward.ReferrerId },
        Accounts.Promotions, reward.AtStripe ? Accounts.CreditAtStripe : Accounts.CustomerCredit, reward.Micros, reward.Currency);

    public static Booking Of(ReferralTakenBack taken) => Entry($"referral:{taken.ReferralId}:taken-back", taken.OccurredAt, "Reward for a referral, taken back", taken.Test, new() { CustomerId = taken.ReferrerId },
        taken.AtStripe ? Accounts.CreditAtStripe : Accounts.CustomerCredit, Accounts.Promotions, taken.Micros, taken.Currency);

    public static Booking Of(ReferralKeptHere here) => Entry($"referral:{here.ReferralId}:kept-here", here.OccurredAt, "Credit that Stripe would not take", here.Test, new() { CustomerId = here.ReferrerId },
        Accounts.CreditAtStripe, Accounts.CustomerCredit, here.Micros, here.Currency);

    public static Booking Of(CreditSpent spent) => Entry($"credit:{spent.PaymentId}:spent", spent.OccurredAt, "Paid from the customer's credit", spent.Test, new() { CustomerId = spent.CustomerId, PaymentId = spent.PaymentId },
        Accounts.CustomerCredit, Accounts.Revenue("subscription"), spent.Micros, spent.Currency);

    private static Lineage LineageOf(ConversionRecorded fact) =>
        new() { PieceId = fact.PieceId, PublicationId = fact.PublicationId, ProductId = fact.ProductId, Niche = fact.Niche, Platform = fact.Platform, PromptVersion = fact.PromptVersion };

    private static Booking Entry(
        string cause, DateTimeOffset occurredAt, string description, bool test, Lineage lineage, string debit, string credit, long micros, string currency)
    {
        var amount = new Money(micros, Currency.Parse(currency));
        return new(cause, occurredAt, description, test, lineage, [new(debit, amount), new(credit, -amount)]);
    }
}
