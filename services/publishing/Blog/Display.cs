namespace Empire.Publishing.Blog;

/// <summary>How the site writes dates, times and prices, in one place.</summary>
public static class Display
{
    public static string Day(DateTimeOffset time) => $"{time:d MMMM yyyy}";

    /// <summary><c>35 min</c>, <c>1 h 05 min</c>.</summary>
    public static string Minutes(int minutes) => minutes < 60 ? $"{minutes} min" : minutes % 60 == 0 ? $"{minutes / 60} h" : $"{minutes / 60} h {minutes % 60:00} min";

    public static string Price(decimal price, string currency) => currency switch
    {
        "USD" => $"${price:#,0.00}",
        "EUR" => $"€{price:#,0.00}",
        "GBP" => $"£{price:#,0.00}",
        _ => $"{price:#,0.##} {currency}",
    };

    /// <summary>For identifiers made for machines: <c>middle_eastern</c> is <c>Middle eastern</c>.</summary>
    public static string Word(string text) => Niche.LabelOf(text.Replace('_', ' '));
}
