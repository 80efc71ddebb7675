using Empire.Acquisition.Campaigns;
using Empire.Http;

namespace Empire.Acquisition.Tests.Campaigns;

/// <summary>What a campaign may become.</summary>
public sealed class CampaignRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("draft", "active", "active")]
    [InlineData("draft", "ended", "ended")]
    [InlineData("active", "paused", "paused")]
    [InlineData("paused", "active", "active")]
    [InlineData("paused", "ended", "ended")]
    [InlineData("active", null, "active")]
    public void It_moves_between_these_states(string from, string? to, string becomes)
    {
        var campaign = In(from);
        Assert.Null(campaign.Change(Nothing, to, 0, Now));
        Assert.Equal(becomes, campaign.StatusAt(Now));
    }

    [Theory]
    [InlineData("draft", "paused")]
    [InlineData("active", "draft")]
    [InlineData("paused", "draft")]
    public void It_never_moves_between_these(string from, string to) => Assert.Equal("status", FieldOf(() => In(from).Change(Nothing, to, 0, Now)));

    [Fact]
    public void Ended_by_hand_it_stays_as_it_was() => Assert.Equal("campaign-ended", In("ended").Change(Nothing with { Budget = 200 }, null, 0, Now)!.Code);

    [Fact]
    public void Its_end_ends_it_and_a_later_end_lets_it_go_on_while_a_draft_stays_a_draft()
    {
        var (campaign, end) = (In("active"), Now.AddDays(1));
        Assert.Null(campaign.Change(Nothing with { EndsAt = end }, null, 0, Now));
        Assert.Equal(("active", "ended"), (campaign.StatusAt(end.AddTicks(-1)), campaign.StatusAt(end)));
        Assert.Equal("ends_at", FieldOf(() => campaign.Change(Nothing, "active", 0, end)));
        Assert.Null(campaign.Change(Nothing with { EndsAt = end.AddDays(1) }, null, 0, end));
        Assert.Equal("active", campaign.StatusAt(end));
        var draft = In("draft");
        Assert.Null(draft.Change(Nothing with { EndsAt = end }, null, 0, Now));
        Assert.Equal("draft", draft.StatusAt(end));
    }

    [Fact]
    public void The_budget_is_never_below_what_is_spent()
    {
        var campaign = In("active");
        Assert.Equal("budget", FieldOf(() => campaign.Change(Nothing with { Budget = 39.99m }, null, 40_000_000, Now)));
        Assert.Equal(100m, campaign.Budget.Amount);
        Assert.Null(campaign.Change(Nothing with { Budget = 40m }, null, 40_000_000, Now));
        Assert.Equal(40m, campaign.Budget.Amount);
    }

    [Theory]
    [InlineData("google_ads", "0", "USD", false)]   // advertisements for nothing
    [InlineData("email", "0", "USD", true)]
    [InlineData("email", "-0.01", "USD", false)]
    [InlineData("email", "0.005", "USD", false)]
    [InlineData("email", "0.5", "JPY", false)]
    [InlineData("email", "1.005", "KWD", true)]
    [InlineData("email", "1000000000.01", "USD", false)]
    public void A_budget_is_exact_money(string channel, string budget, string currency, bool allowed)
    {
        void Plan() => Campaign.Plan(Guid.CreateVersion7(Now), channel, Currency.Parse(currency), "draft", new("n", decimal.Parse(budget, System.Globalization.CultureInfo.InvariantCulture), null, null), "user:x", Now);
        if (allowed) Plan();
        else Assert.Equal("budget", FieldOf(Plan));
    }

    [Fact]
    public void A_start_is_before_its_end_whichever_is_moved()
    {
        var campaign = In("draft");
        Assert.Equal("ends_at", FieldOf(() => campaign.Change(Nothing with { StartsAt = Now, EndsAt = Now }, null, 0, Now)));
        Assert.Null(campaign.Change(Nothing with { StartsAt = Now, EndsAt = Now.AddDays(1) }, null, 0, Now));
        Assert.Equal("starts_at", FieldOf(() => campaign.Change(Nothing with { StartsAt = Now.AddDays(2) }, null, 0, Now)));
    }

    private static CampaignChange Nothing => new(null, null, null, null);

    private static Campaign In(string status)
    {
        var campaign = Campaign.Plan(Guid.CreateVersion7(Now), "google_ads", Currency.Usd, status is "draft" ? status : "active", new("Spring sale", 100, null, null), "user:x", Now);
        if (status is "paused" or "ended") campaign.Change(Nothing, status, 0, Now);
        return campaign;
    }

    private static string FieldOf(Action act) => Assert.Throws<InvalidFieldException>(act).Field;

    private static string FieldOf(Func<object?> act) => Assert.Throws<InvalidFieldException>(() => { act(); }).Field;
}
