using System.Globalization;
using Empire.Configuration;

namespace Empire.Content.Budget;

public sealed class BudgetOptions
{
    /// <summary>Setting <c>DAILY_BUDGET</c>: US dollars a tenant may spend on language models per day. Default 14.</summary>
    public decimal DailyUsd { get; set; } = 14m;

    public Money Limit => Money.Of(DailyUsd, Currency.Usd);
}

public static class BudgetSetup
{
    private const string Setting = "DAILY_BUDGET";

    public static void AddBudget(this IHostApplicationBuilder builder)
    {
        builder.CheckSetting(Setting, "US dollars per day, 0 to 1000000, with at most six decimals", text => text is null || IsBudget(text));
        builder.Services.AddOptions<BudgetOptions>().Configure<IConfiguration>((options, configuration) => options.DailyUsd = configuration.GetValue(Setting, options.DailyUsd));
    }

    private static bool IsBudget(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var usd) && usd is >= 0 and <= 1_000_000 && decimal.Round(usd, 6) == usd;
}
