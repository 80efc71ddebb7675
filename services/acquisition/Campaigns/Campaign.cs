using Empire.Http;

namespace Empire.Acquisition.Campaigns;

/// <summary>An effort to reach people through one channel, with a budget and a time. What it spends and brings is counted under its id.</summary>
public sealed class Campaign
{
    public const string Prefix = "cmp";
    public const string Draft = "draft", Active = "active", Paused = "paused", Ended = "ended";
    public const int LongestName = 200;

    /// <summary>More than any account has, and far from what a sum of budgets could overflow.</summary>
    public const decimal LargestBudget = 1_000_000_000;

    /// <summary>Channels whose platform takes money for showing something.</summary>
    private static readonly string[] Paid = ["google_ads", "meta_ads", "tiktok_ads"];

    public Guid Id { get; init; }
    public string Name { get; private set; } = "";

    /// <summary>email, social, blog, google_ads, meta_ads or tiktok_ads.</summary>
    public string Channel { get; init; } = "";

    /// <summary>As somebody set it; see <see cref="StatusAt"/>.</summary>
    public string Status { get; private set; } = Draft;

    public long BudgetMicros { get; private set; }
    public Currency Currency { get; init; }

    /// <summary>Null: from when it is active.</summary>
    public DateTimeOffset? StartsAt { get; private set; }

    /// <summary>The first moment that is no longer of it; null: open.</summary>
    public DateTimeOffset? EndsAt { get; private set; }

    public string CreatedBy { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; private set; }
    public DateTimeOffset? ArchivedAt { get; init; }

    public string PublicId => Empire.PublicId.Format(Prefix, Id);

    public Money Budget => new(BudgetMicros, Currency);

    /// <summary>A campaign whose end has come is ended, whatever it was set to; one that never began stays a draft.</summary>
    public string StatusAt(DateTimeOffset now) => Status is Active or Paused && EndsAt <= now ? Ended : Status;

    /// <param name="status">draft or active.</param>
    /// <exception cref="InvalidFieldException">A value breaks a rule; it is named.</exception>
    public static Campaign Plan(Guid id, string channel, Currency currency, string status, CampaignChange change, string by, DateTimeOffset now)
    {
        var campaign = new Campaign { Id = id, Channel = channel, Currency = currency, CreatedBy = by, CreatedAt = now };
        campaign.Set(change, spent: 0, now);
        campaign.Turn(status, now);
        return campaign;
    }

    /// <param name="spent">So far, in micros of the campaign's currency: no budget is set below it.</param>
    /// <param name="status">Null: as it is.</param>
    /// <returns>Null when done, otherwise the rule that forbids any change.</returns>
    /// <exception cref="InvalidFieldException">A value breaks a rule; it is named.</exception>
    public Refusal? Change(CampaignChange change, string? status, long spent, DateTimeOffset now)
    {
        if (ArchivedAt is not null) return new("campaign-archived", "An archived campaign stays as it was.");
        if (Status == Ended) return new("campaign-ended", "A campaign that was ended stays as it was; make a new one.");
        Set(change, spent, now);
        if (status is not null) Turn(status, now);
        return null;
    }

    private void Set(CampaignChange change, long spent, DateTimeOffset now)
    {
        if (change.Name is { } name) Name = CheckedName(name);
        if (change.Budget is { } budget)
        {
            var money = CheckedBudget(budget);
            if (money.Micros < spent) throw new InvalidFieldException("budget", $"{new Money(spent, Currency)} is spent already; wanted: at least that.");
            BudgetMicros = money.Micros;
        }
        StartsAt = change.StartsAt?.ToUniversalTime() ?? StartsAt;
        EndsAt = change.EndsAt?.ToUniversalTime() ?? EndsAt;
        if (EndsAt <= StartsAt) throw new InvalidFieldException(change.EndsAt is null ? "starts_at" : "ends_at", "wanted: an end after the start.");
        UpdatedAt = now;
    }

    private void Turn(string status, DateTimeOffset now)
    {
        if (status == Draft && Status != Draft) throw new InvalidFieldException("status", "wanted: active, paused or ended; a campaign that has begun is no draft again.");
        if (status == Paused && Status == Draft) throw new InvalidFieldException("status", "wanted: active or ended; what has not begun cannot pause.");
        if (status == Active && EndsAt <= now) throw new InvalidFieldException("ends_at", "is past; wanted: an end to come for a campaign that is to be active.");
        Status = status;
    }

    private static string CheckedName(string name) =>
        name.Trim() is { Length: > 0 and <= LongestName } trimmed && !trimmed.Any(char.IsControl)
            ? trimmed
            : throw new InvalidFieldException("name", $"wanted: one line of 1 to {LongestName} characters.");

    private Money CheckedBudget(decimal budget)
    {
        if (budget is < 0 or > LargestBudget) throw new InvalidFieldException("budget", $"wanted: 0 to {LargestBudget:0}.");
        if (budget == 0 && Paid.Contains(Channel)) throw new InvalidFieldException("budget", $"wanted: more than zero; {Channel} shows nothing for nothing.");
        if (decimal.Round(budget, Currency.Exponent) != budget) throw new InvalidFieldException("budget", $"has more decimals than {Currency} has.");
        return Money.Of(budget, Currency);
    }
}

/// <summary>New values of a campaign; null leaves one as it is.</summary>
/// <param name="Budget">In units of the campaign's currency.</param>
public sealed record CampaignChange(string? Name, decimal? Budget, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt);
