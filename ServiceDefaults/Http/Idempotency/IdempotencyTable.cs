using System.Text;
using Empire.Data;
using Empire.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Http;

/// <summary>Who a key belongs to and what was answered.</summary>
/// <param name="Status">Null while the holder is under way.</param>
internal sealed record IdempotencyRow(Guid Attempt, string Request, byte[] BodyHash, int? Status, string? Headers, byte[]? Body)
{
    public StoredAnswer? Answer => Status is { } status ? new(status, Headers!, Body!) : null;
}

/// <summary>Answers rest sealed where the service has a <see cref="Sealer"/>: one of them may hold what only its client is to see, as the client secret of a payment.</summary>
internal sealed class IdempotencyTable(Database database, TimeProvider clock, IServiceProvider services)
{
    private readonly Sealer? sealer = services.GetService<Sealer>();

    /// <summary>A holder that has not renewed it for so long has died. A living one renews it four times as often.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan RenewEvery = Lease / 4;
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>Takes the key if it is free, and reads who has it.</summary>
    /// <returns>The row; it is ours where its attempt is <paramref name="attempt"/>.</returns>
    public async Task<IdempotencyRow> TakeAsync(TenantId tenant, string key, Guid attempt, string request, byte[] bodyHash, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await database.BeginAsync(tenant, ct);
        await work.ExecuteAsync(
            """
            insert into kernel.idempotency as held (tenant_id, key, attempt, request, body_hash, lease_until, created_at)
            values (@tenant, @key, @attempt, @request, @bodyHash, @until, @now)
            on conflict (tenant_id, key) do update set attempt = excluded.attempt, request = excluded.request, body_hash = excluded.body_hash,
              lease_until = excluded.lease_until, status = null, headers = null, body = null, created_at = excluded.created_at
            where (held.status is null and held.lease_until <= @now) or held.created_at <= @expired
            """, new { tenant, key, attempt, request, bodyHash, until = now + Lease, now, expired = now - Kept }, ct);
        var row = await work.QuerySingleAsync<IdempotencyRow>(
            "select attempt, request, body_hash, status, headers::text as headers, body from kernel.idempotency where tenant_id = current_tenant() and key = @key", new { key }, ct);
        await work.CommitAsync(ct);
        return row with { Body = row.Body is { } body ? Opened(body, tenant, key) : null };
    }

    private byte[] Rests(byte[] body, TenantId tenant, string key) =>
        sealer is null || body.Length == 0 ? body : Encoding.ASCII.GetBytes(sealer.Seal(Convert.ToBase64String(body), PurposeOf(tenant, key)));

    private byte[] Opened(byte[] body, TenantId tenant, string key) =>
        sealer is not null && body.AsSpan().StartsWith("s1."u8) ? Convert.FromBase64String(sealer.Open(Encoding.ASCII.GetString(body), PurposeOf(tenant, key))) : body;

    private static string PurposeOf(TenantId tenant, string key) => $"answer:{tenant}:{key}";

    /// <summary>The holder is alive.</summary>
    public async Task RenewAsync(TenantId tenant, string key, Guid attempt, CancellationToken ct)
    {
        await using var work = await database.BeginAsync(tenant, ct);
        await work.ExecuteAsync(
            "update kernel.idempotency set lease_until = @until where tenant_id = current_tenant() and key = @key and attempt = @attempt and status is null", new { key, attempt, until = clock.GetUtcNow() + Lease }, ct);
        await work.CommitAsync(ct);
    }

    public async Task StoreAsync(TenantId tenant, string key, Guid attempt, StoredAnswer answer, CancellationToken ct)
    {
        await using var work = await database.BeginAsync(tenant, ct);
        await work.ExecuteAsync(
            "update kernel.idempotency set status = @Status, headers = @Headers::jsonb, body = @Body where tenant_id = current_tenant() and key = @key and attempt = @attempt",
            new { key, attempt, answer.Status, answer.Headers, Body = Rests(answer.Body, tenant, key) }, ct);
        await work.CommitAsync(ct);
    }

    public async Task FreeAsync(TenantId tenant, string key, Guid attempt, CancellationToken ct)
    {
        await using var work = await database.BeginAsync(tenant, ct);
        await work.ExecuteAsync("delete from kernel.idempotency where tenant_id = current_tenant() and key = @key and attempt = @attempt", new { key, attempt }, ct);
        await work.CommitAsync(ct);
    }

    /// <returns>How many answers had outlived their day, at most a thousand at a time.</returns>
    public async Task<int> SweepAsync(CancellationToken ct)
    {
        await using var work = await database.BeginSystemAsync(ct);
        var swept = await work.ExecuteAsync(
            """
            delete from kernel.idempotency where (tenant_id, key) in (
              select tenant_id, key from kernel.idempotency where created_at <= @expired order by created_at limit 1000 for update skip locked)
            """, new { expired = clock.GetUtcNow() - Kept }, ct);
        await work.CommitAsync(ct);
        return swept;
    }
}
