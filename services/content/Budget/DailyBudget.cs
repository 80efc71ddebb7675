using Empire.Data;

namespace Empire.Content.Budget;

/// <summary>What a tenant, or all tenants but the operator's together, may spend on language models on one day (UTC): what is spent, and what calls under way may still spend, never exceed the limit together,
/// as long as no call costs more than its ceiling.</summary>
public sealed class DailyBudget
{
    public const string ExceededCode = "daily-budget-exceeded";

    public DateOnly Day { get; private init; }
    public long SpentMicros { get; private set; }
    public long ReservedMicros { get; private set; }

    /// <returns>Null when set aside, otherwise why not.</returns>
    public Refusal? Reserve(Money ceiling, Money limit)
    {
        if (Refuses(ceiling, limit) is { } refusal) return refusal;
        ReservedMicros += ceiling.In(Currency.Usd);
        return null;
    }

    /// <returns>Why a call of this ceiling may not go out now; null when it may.</returns>
    public Refusal? Refuses(Money ceiling, Money limit) =>
        SpentMicros + ReservedMicros + ceiling.In(Currency.Usd) <= limit.In(Currency.Usd)
            ? null
            : new(ExceededCode, $"The day's budget of {limit} does not cover a call of up to {ceiling}: {new Money(SpentMicros, Currency.Usd)} is spent and {new Money(ReservedMicros, Currency.Usd)} set aside. It opens again on {Day.AddDays(1):yyyy-MM-dd} at 00:00 UTC.");

    /// <summary>As <see cref="Refuses"/>, of the day that accounts share: what the others spend is nobody's to know.</summary>
    public Refusal? RefusesOthers(Money ceiling, Money limit) =>
        Refuses(ceiling, limit) is null
            ? null
            : new(ExceededCode, $"What the accounts of this installation may spend on language models today does not cover a call of up to {ceiling}. It opens again on {Day.AddDays(1):yyyy-MM-dd} at 00:00 UTC.");

    /// <returns>Null when set aside, otherwise why not, in the words of <see cref="RefusesOthers"/>.</returns>
    public Refusal? ReserveOthers(Money ceiling, Money limit)
    {
        if (RefusesOthers(ceiling, limit) is { } refusal) return refusal;
        ReservedMicros += ceiling.In(Currency.Usd);
        return null;
    }

    /// <summary>A call is over: its reservation ends, and what it cost is spent.</summary>
    public void Settle(long reservedMicros, long costMicros)
    {
        ReservedMicros -= reservedMicros;
        SpentMicros += costMicros;
    }

    public static DateOnly DayOf(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime);

    /// <summary>When the next day's budget opens.</summary>
    public static DateTimeOffset NextDay(DateTimeOffset now) => new(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
}

internal static class BudgetTable
{
    /// <summary>The day's row, made when missing, and locked until the work ends.</summary>
    public static Task<DailyBudget> LockAsync(Work work, DateOnly day, CancellationToken ct) => work.QuerySingleAsync<DailyBudget>(
        """
        insert into budget_days (tenant_id, day) values (current_tenant(), @day)
        on conflict (tenant_id, day) do update set day = excluded.day
        returning day, spent_micros, reserved_micros
        """, new { day }, ct);

    /// <summary>The day as it stands, without a lock; an untouched day is empty.</summary>
    public static Task<DailyBudget> ReadAsync(Work work, DateOnly day, CancellationToken ct) => work.QuerySingleAsync<DailyBudget>(
        """
        select @day as day, coalesce(sum(spent_micros), 0)::bigint as spent_micros, coalesce(sum(reserved_micros), 0)::bigint as reserved_micros
        from budget_days where tenant_id = current_tenant() and day = @day
        """, new { day }, ct);

    public static Task SaveAsync(Work work, DailyBudget budget, CancellationToken ct) => work.ExecuteAsync(
        "update budget_days set spent_micros = @SpentMicros, reserved_micros = @ReservedMicros where tenant_id = current_tenant() and day = @Day", budget, ct);
}

/// <summary>The day that all tenants but the operator's share. Locked after the tenant's own.</summary>
internal static class OthersBudgetTable
{
    /// <inheritdoc cref="BudgetTable.LockAsync"/>
    public static Task<DailyBudget> LockAsync(Work work, DateOnly day, CancellationToken ct) => work.QuerySingleAsync<DailyBudget>(
        "insert into others_budget_days (day) values (@day) on conflict (day) do update set day = excluded.day returning day, spent_micros, reserved_micros", new { day }, ct);

    /// <inheritdoc cref="BudgetTable.ReadAsync"/>
    public static Task<DailyBudget> ReadAsync(Work work, DateOnly day, CancellationToken ct) => work.QuerySingleAsync<DailyBudget>(
        """
        select @day as day, coalesce(sum(spent_micros), 0)::bigint as spent_micros, coalesce(sum(reserved_micros), 0)::bigint as reserved_micros
        from others_budget_days where day = @day
        """, new { day }, ct);

    public static Task SaveAsync(Work work, DailyBudget budget, CancellationToken ct) => work.ExecuteAsync(
        "update others_budget_days set spent_micros = @SpentMicros, reserved_micros = @ReservedMicros where day = @Day", budget, ct);
}
