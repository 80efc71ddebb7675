using System.Text.Json;
using Empire.Data;
using Empire.Payments.Ledger;

namespace Empire.Payments.Heard;

/// <summary>The raw log of facts about money that others told. A fact and its booking commit together.</summary>
internal static class HeardEvents
{
    /// <summary>As on the bus.</summary>
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Keeps a fact word for word.</summary>
    /// <returns>False when a fact of this kind and id was heard before; then the first one stands.</returns>
    public static async Task<bool> AddAsync<TFact>(Work work, Guid id, TFact fact, DateTimeOffset occurredAt, CancellationToken ct) where TFact : class =>
        await work.ExecuteAsync(
            "insert into heard_events (tenant_id, kind, id, payload, occurred_at, heard_at) values (@Tenant, @kind, @id, @payload::jsonb, @occurredAt, @Now) on conflict do nothing",
            new { work.Tenant, kind = typeof(TFact).Name, id, payload = JsonSerializer.Serialize(fact, Json), occurredAt, work.Now }, ct) == 1;

    /// <summary>Keeps a fact and books it, where it moves money.</summary>
    /// <param name="booking">Made of the fact alone; null where it moves nothing.</param>
    /// <returns>False when it was heard before.</returns>
    public static async Task<bool> BookAsync<TFact>(Work work, Guid id, TFact fact, DateTimeOffset occurredAt, Booking? booking, CancellationToken ct) where TFact : class
    {
        if (!await AddAsync(work, id, fact, occurredAt, ct)) return false;
        if (booking is not null) await Book.PostAsync(work, booking, ct);
        return true;
    }

    /// <returns>Null when it was not heard yet.</returns>
    public static async Task<TFact?> FindAsync<TFact>(Work work, Guid id, CancellationToken ct) where TFact : class =>
        await work.QuerySingleOrDefaultAsync<string>(
            "select payload::text from heard_events where tenant_id = current_tenant() and kind = @kind and id = @id", new { kind = typeof(TFact).Name, id }, ct) is { } payload
            ? Read<TFact>(payload) : null;

    public static TFact Read<TFact>(string payload) where TFact : class =>
        JsonSerializer.Deserialize<TFact>(payload, Json) ?? throw new InvalidOperationException($"A heard {typeof(TFact).Name} is empty.");
}
