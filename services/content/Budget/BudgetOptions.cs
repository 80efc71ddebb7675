using System.Globalization;
using Empire.Configuration;

namespace Empire.Content.Budget;

public sealed class BudgetOptions
{
    /// <summary>Setting <c>DAILY_BUDGET</c>: US dollars a tenant may spend on language models per day. Default 14.</summary>
    public decimal DailyUsd { get; set; } = 14m;

    public Money Limit => Money.Of(DailyUsd, Currency.Usd);

    /// <summary>Setting <c>DAILY_BUDGET_OTHERS</c>: US dollars that all accounts but the operator's may spend per day together, each within its own limit. Default 14. What the operator's
    /// account may spend is never theirs to use up.</summary>
    public decimal OthersUsd { get; set; } = 14m;

    public Money OthersLimit => Money.Of(OthersUsd, Currency.Usd);
}

public static class BudgetSetup
{
    private const string Setting = "DAILY_BUDGET", OthersSetting = "DAILY_BUDGET_OTHERS";

    public static void AddBudget(this IHostApplicationBuilder builder)
    {
        foreach (var setting in (string[])[Setting, OthersSetting])
            builder.CheckSetting(setting, "US dollars per day, 0 to 1000000, with at most six decimals", text => text is null || IsBudget(text));
        builder.Services.AddOptions<BudgetOptions>().Configure<IConfiguration>((options, configuration) =>
        {
            options.DailyUsd = configuration.GetValue(Setting, options.DailyUsd);
            options.OthersUsd = configuration.GetValue(OthersSetting, options.OthersUsd);
        });
        builder.AddOperatorAccount();
    }

    private static bool IsBudget(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var usd) && usd is >= 0 and <= 1_000_000 && decimal.Round(usd, 6) == usd;
}
