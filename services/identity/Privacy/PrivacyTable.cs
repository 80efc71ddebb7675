using Empire.Data;
using Empire.Identity.Bounds;

namespace Empire.Identity.Privacy;

/// <summary>Requests and their parts, within system work: a person has data in several accounts.</summary>
internal static class PrivacyTable
{
    private const string Columns = "r.id, r.tenant_id, r.kind, r.user_id, r.whole_person, r.sealed_email, r.requested_by, r.state, r.due_at, r.created_at, r.completed_at, r.detail, r.wiped_at";

    /// <summary>Identity answers its own part at once, so that it is never asked again.</summary>
    private const string FirstAsked =
        "coalesce((select self.asked_at from privacy_parts self where self.request_id = p.request_id and self.tenant_id = p.tenant_id and self.service = 'identity'), p.asked_at) as first_asked_at";

    public static Task AddAsync(Work work, PrivacyRequest request, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            insert into privacy_requests (id, tenant_id, kind, user_id, whole_person, sealed_email, requested_by, state, due_at, created_at)
            values (@Id, @TenantId, @Kind, @UserId, @WholePerson, @SealedEmail, @RequestedBy, @State, @DueAt, @CreatedAt)
            """, request, ct);

    /// <summary>Whether one export more of the person may be kept: asked by themselves, or by the account.</summary>
    public static Task<Refusal?> FullAsync(Work work, Guid user, TenantId tenant, bool own, int most, CancellationToken ct) =>
        Bound.CheckAsync(work, own ? "exports" : $"exports-of-{tenant.Value:N}", user, most,
            "from privacy_requests where kind = 'export' and user_id = @user and whole_person = @own and (@own or tenant_id = @tenant) and wiped_at is null", new { user, tenant, own },
            $"At most {most} exports of a person are kept at a time. Download one of those; they are deleted a while after they are ready.", ct);

    /// <param name="manages">The actor is an owner or admin of the account, whose erasures of others are theirs all to see and cancel; what an export tells is only for who asked.</param>
    /// <returns>Null when there is none of this kind which the actor may see: the one who asked, the one it is about, or one who manages.</returns>
    public static Task<PrivacyRequest?> LockAsync(Work work, Guid id, string kind, TenantId tenant, string actor, bool manages, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<PrivacyRequest>(
            $"""
            select {Columns} from privacy_requests r
            where id = @id and kind = @kind and (@actor = 'user:' || replace(user_id::text, '-', '')
              or (tenant_id = @tenant and (requested_by = @actor or (@manages and kind = 'erasure' and not whole_person)))) for update
            """, new { id, kind, tenant, actor, manages }, ct);

    public static Task<IReadOnlyList<PrivacyRequest>> DueAsync(Work work, DateTimeOffset now, CancellationToken ct) =>
        work.QueryAsync<PrivacyRequest>(
            $"select {Columns} from privacy_requests r where state = 'waiting' and due_at <= @now order by due_at limit 1 for update skip locked", new { now }, ct);

    public static Task SetStateAsync(Work work, Guid id, string state, string? detail, CancellationToken ct) =>
        work.ExecuteAsync(
            "update privacy_requests set state = @state, detail = @detail, sealed_email = case when @state in ('cancelled', 'refused') then null else sealed_email end where id = @id",
            new { id, state, detail }, ct);

    public static Task AddPartAsync(Work work, Guid request, string service, DateTimeOffset now, CancellationToken ct) =>
        work.ExecuteAsync(
            "insert into privacy_parts (request_id, tenant_id, service, asked_at) values (@request, @Tenant, @service, @now)", new { request, work.Tenant, service, now }, ct);

    /// <summary>The first answer counts.</summary>
    /// <param name="work">Of the account the part is about, or narrowed to it.</param>
    public static Task AnswerAsync(Work work, Guid request, string service, string? sealedData, int? rows, DateTimeOffset now, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            update privacy_parts set answered_at = @now, sealed_data = @sealedData, row_count = @rows
            where request_id = @request and tenant_id = @Tenant and service = @service and answered_at is null
            """, new { request, work.Tenant, service, sealedData, rows, now }, ct);

    public static Task<IReadOnlyList<PrivacyPart>> PartsAsync(Work work, Guid request, CancellationToken ct) =>
        work.QueryAsync<PrivacyPart>(
            "select tenant_id, service, asked_at, answered_at, row_count, sealed_data from privacy_parts where request_id = @request order by tenant_id, service", new { request }, ct);

    /// <summary>Every part is answered: the request is over, and the address with it.</summary>
    public static Task<IReadOnlyList<PrivacyRequest>> CompleteAsync(Work work, DateTimeOffset now, CancellationToken ct) =>
        work.QueryAsync<PrivacyRequest>(
            $"""
            update privacy_requests r set state = 'completed', completed_at = @now, sealed_email = null
            where state = 'running' and not exists (select from privacy_parts p where p.request_id = r.id and p.answered_at is null)
            returning {Columns}
            """, new { now }, ct);

    /// <summary>Those that were looked at the longest ago: what cannot be asked again now must not hold up the rest.</summary>
    public static Task<IReadOnlyList<OverduePart>> OverdueAsync(Work work, DateTimeOffset askedBefore, CancellationToken ct) =>
        work.QueryAsync<OverduePart>(
            $"""
            select p.request_id, p.tenant_id, p.service, r.tenant_id as home, r.kind, r.user_id, r.sealed_email, {FirstAsked}
            from privacy_parts p join privacy_requests r on r.id = p.request_id
            where p.answered_at is null and p.asked_at <= @askedBefore and r.state = 'running' order by greatest(p.asked_at, p.reminded_at) limit 100 for update of p skip locked
            """, new { askedBefore }, ct);

    /// <summary>Parts of erasures that were asked for, the last time, before then.</summary>
    public static Task<IReadOnlyList<OverduePart>> UnansweredErasuresAsync(Work work, DateTimeOffset askedBefore, CancellationToken ct) =>
        work.QueryAsync<OverduePart>(
            $"""
            select p.request_id, p.tenant_id, p.service, r.tenant_id as home, r.kind, r.user_id, r.sealed_email, {FirstAsked}
            from privacy_parts p join privacy_requests r on r.id = p.request_id
            where p.answered_at is null and greatest(p.asked_at, p.reminded_at) <= @askedBefore and r.state = 'running' and r.kind = 'erasure' order by greatest(p.asked_at, p.reminded_at) limit 100 for update of p skip locked
            """, new { askedBefore }, ct);

    /// <summary>They were looked at, and asked again where they could be. These parts alone: the request's others may be in another replica's hands.</summary>
    /// <param name="work">Of the account that the parts are about.</param>
    public static Task RemindedAsync(Work work, Guid request, IEnumerable<string> services, DateTimeOffset now, CancellationToken ct) =>
        work.ExecuteAsync(
            "update privacy_parts set reminded_at = @now where request_id = @request and tenant_id = @Tenant and service = any(@services)", new { now, request, work.Tenant, services = services.ToArray() }, ct);

    public static Task AskedAgainAsync(Work work, OverduePart part, DateTimeOffset now, CancellationToken ct) =>
        work.ExecuteAsync(
            "update privacy_parts set asked_at = @now where request_id = @RequestId and tenant_id = @TenantId and service = @Service",
            new { now, part.RequestId, part.TenantId, part.Service }, ct);

    public static Task WipeAsync(Work work, DateTimeOffset completedBefore, DateTimeOffset now, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            with over as (update privacy_requests set wiped_at = @now where kind = 'export' and wiped_at is null and completed_at <= @completedBefore returning id)
            update privacy_parts set sealed_data = null from over where request_id = over.id
            """, new { completedBefore, now }, ct);
}

internal sealed record PrivacyRequest
{
    public const string Export = "export", Erasure = "erasure";

    public Guid Id { get; init; }
    public Guid TenantId { get; init; }
    public string Kind { get; init; } = "";
    public Guid UserId { get; init; }
    public bool WholePerson { get; init; }
    public string? SealedEmail { get; init; }
    public string RequestedBy { get; init; } = "";
    public string State { get; init; } = "";
    public DateTimeOffset DueAt { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? CompletedAt { get; init; }
    public string? Detail { get; init; }
    public DateTimeOffset? WipedAt { get; init; }

    /// <summary>The person who asked; null: a key.</summary>
    public Guid? Asker => Roles.PersonOf(RequestedBy);

    public string PublicId => Empire.PublicId.Format(Kind == Export ? "exp" : "era", Id);
}

internal sealed record PrivacyPart
{
    public Guid TenantId { get; init; }
    public string Service { get; init; } = "";
    public DateTimeOffset AskedAt { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }
    public int? RowCount { get; init; }
    public string? SealedData { get; init; }
}

internal sealed record OverduePart(Guid RequestId, Guid TenantId, string Service, Guid Home, string Kind, Guid UserId, string SealedEmail, DateTimeOffset FirstAskedAt);
