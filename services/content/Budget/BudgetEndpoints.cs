using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Content.Budget;

public static class BudgetEndpoints
{
    public static void MapBudget(this IEndpointRouteBuilder app)
    {
        var budget = app.MapGroup("/api/v1/content").WithTags("Budget");
        budget.MapGet("/budget", GetBudget.HandleAsync).WithName("GetBudget");
        budget.MapGet("/estimate", EstimateCost.Handle).WithName("EstimateCost");
        budget.MapGet("/alerts", ListAlerts.HandleAsync).WithName("ListContentAlerts");
    }
}

/// <summary>Where today's budget stands.</summary>
public static class GetBudget
{
    /// <param name="Reserved">Set aside for calls under way, at the most they can cost.</param>
    /// <param name="Left">What a new call may still cost: what the account has left, or what all accounts but the operator's have left together, if that is less.</param>
    /// <param name="ResetsAt">When the next day begins.</param>
    /// <example>{"day": "2026-03-02", "limit": 14, "spent": 2.31, "reserved": 0.04, "left": 11.65, "currency": "USD", "resets_at": "2026-03-03T00:00:00+00:00"}</example>
    public sealed record Response(DateOnly Day, decimal Limit, decimal Spent, decimal Reserved, decimal Left, string Currency, DateTimeOffset ResetsAt);

    public static async Task<Ok<Response>> HandleAsync(Caller caller, Database db, OperatorAccount installation, IOptions<BudgetOptions> options, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var other = !await installation.IsAsync(caller.Tenant, ct);
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var today = await BudgetTable.ReadAsync(work, DailyBudget.DayOf(now), ct);
        var (spent, reserved) = (new Money(today.SpentMicros, Currency.Usd).Amount, new Money(today.ReservedMicros, Currency.Usd).Amount);
        var limit = options.Value.DailyUsd;
        var left = limit - spent - reserved;
        if (other)
        {
            var others = await OthersBudgetTable.ReadAsync(work, today.Day, ct);
            left = Math.Min(left, new Money(options.Value.OthersLimit.Micros - others.SpentMicros - others.ReservedMicros, Currency.Usd).Amount);
        }
        return TypedResults.Ok(new Response(today.Day, limit, spent, reserved, Math.Max(0, left), Currency.Usd.Code, DailyBudget.NextDay(now)));
    }
}

/// <summary>What a text of so many words would cost, by the rule of thumb of 1.3 tokens a word.</summary>
public static class EstimateCost
{
    private const decimal TokensPerWord = 1.3m;

    /// <example>{"words": 1000, "tokens": 1300, "rate": 0.015, "cost": 0.0195, "currency": "USD"}</example>
    public sealed record Response(int Words, long Tokens, decimal Rate, decimal Cost, string Currency);

    /// <param name="rate">US dollars per thousand tokens; 0.015 is a cheap model, 0.03 to 0.06 a large one.</param>
    public static Ok<Response> Handle(
        [Range(1, 1_000_000)] int words, [Range(typeof(decimal), "0", "1000")] decimal rate = 0.015m)
    {
        var tokens = (long)decimal.Ceiling(words * TokensPerWord);
        return TypedResults.Ok(new Response(words, tokens, rate, decimal.Round(tokens * rate / 1000, 6, MidpointRounding.ToEven), Currency.Usd.Code));
    }
}
