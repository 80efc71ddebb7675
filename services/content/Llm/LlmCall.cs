using Empire.Data;

namespace Empire.Content.Llm;

/// <summary>One paid call to a model for one piece: reserved before it goes out, then settled at its cost, released when it never went, or lost, when only
/// its ceiling is known.</summary>
public sealed class LlmCall
{
    public const string Accepted = "accepted", Rejected = "rejected", Refused = "refused";

    public Guid Id { get; private init; }
    public Guid PieceId { get; private init; }
    public string Provider { get; private init; } = "";
    public string Model { get; private init; } = "";
    public string State { get; private set; } = "";
    public string? Outcome { get; private set; }
    public long ReservedMicros { get; private init; }
    public long? CostMicros { get; private set; }
    public int? InputTokens { get; private set; }
    public int? OutputTokens { get; private set; }
    public DateOnly BudgetDay { get; private init; }
    public bool Test { get; private init; }

    /// <summary>Whether it counts against what all accounts but the operator's may spend together.</summary>
    public bool Others { get; private init; }
    public DateTimeOffset ReservedAt { get; private init; }
    public DateTimeOffset? SettledAt { get; private set; }

    public bool IsOpen => State == "reserved";

    /// <summary>Who was paid, and for what.</summary>
    public string Statement => InputTokens is { } input && OutputTokens is { } output
        ? $"{Provider} {Model} {input}+{output} tokens"
        : $"{Provider} {Model}, no answer came; booked at the most it can have cost";

    public static LlmCall Reserve(Guid pieceId, Model model, Money ceiling, DateOnly budgetDay, bool others, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        PieceId = pieceId,
        Provider = model.Provider.Name,
        Model = model.Id,
        State = "reserved",
        ReservedMicros = ceiling.In(Currency.Usd),
        BudgetDay = budgetDay,
        Others = others,
        Test = model.Provider.Sandbox,
        ReservedAt = now,
    };

    /// <param name="outcome">Whether the reply was of use.</param>
    public void Settle(Money cost, int inputTokens, int outputTokens, string outcome, DateTimeOffset now)
    {
        Close("settled", cost.In(Currency.Usd), now);
        (InputTokens, OutputTokens, Outcome) = (inputTokens, outputTokens, outcome);
    }

    /// <summary>The provider said no: nothing was charged.</summary>
    public void Refuse(DateTimeOffset now)
    {
        Close("settled", 0, now);
        Outcome = Refused;
    }

    /// <summary>It never went out.</summary>
    public void Release(DateTimeOffset now) => Close("released", null, now);

    /// <summary>Nobody knows whether it was charged, so it counts at its ceiling: better a cent too much in the books than one too few.</summary>
    public void Lose(DateTimeOffset now) => Close("lost", ReservedMicros, now);

    private void Close(string state, long? costMicros, DateTimeOffset now)
    {
        if (!IsOpen) throw new InvalidOperationException($"Call {Id} is {State} already.");
        (State, CostMicros, SettledAt) = (state, costMicros, now);
    }
}

internal static class LlmCallTable
{
    private const string Columns =
        """
        id, piece_id, provider, model, state, outcome, reserved_micros, cost_micros, input_tokens, output_tokens, budget_day, others, test, reserved_at, settled_at
        """;

    public static Task AddAsync(Work work, LlmCall call, CancellationToken ct) => work.ExecuteAsync(
        """
        insert into llm_calls (id, tenant_id, piece_id, provider, model, state, reserved_micros, budget_day, others, test, reserved_at)
        values (@Id, current_tenant(), @PieceId, @Provider, @Model, @State, @ReservedMicros, @BudgetDay, @Others, @Test, @ReservedAt)
        """, call, ct);

    public static Task<LlmCall> LockAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleAsync<LlmCall>($"select {Columns} from llm_calls where tenant_id = current_tenant() and id = @id for update", new { id }, ct);

    public static Task<IReadOnlyList<LlmCall>> LockOpenAsync(Work work, Guid pieceId, CancellationToken ct) =>
        work.QueryAsync<LlmCall>($"select {Columns} from llm_calls where tenant_id = current_tenant() and piece_id = @pieceId and state = 'reserved' order by id for update", new { pieceId }, ct);

    public static Task SaveAsync(Work work, LlmCall call, CancellationToken ct) => work.ExecuteAsync(
        """
        update llm_calls set state = @State, outcome = @Outcome, cost_micros = @CostMicros, input_tokens = @InputTokens, output_tokens = @OutputTokens, settled_at = @SettledAt
        where tenant_id = current_tenant() and id = @Id
        """, call, ct);
}
