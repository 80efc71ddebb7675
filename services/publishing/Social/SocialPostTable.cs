using Empire.Data;

namespace Empire.Publishing.Social;

public static class SocialPostTable
{
    private const string Columns = "id, user_id, platform, content, media_urls, scheduled_time, posted_at, engagement_score, status, platform_id, failure, test";

    /// <param name="requestKey">The client's; null where it gave none.</param>
    public static async Task<SocialPost> InsertAsync(Work work, Guid id, string? requestKey, string user, string platform, string content, DateTimeOffset time, bool test, CancellationToken ct) =>
        (await work.QuerySingleAsync<Row>(
            $"""
            insert into social_posts (id, tenant_id, request_key, user_id, platform, content, scheduled_time, test)
            values (@id, @Tenant, @requestKey, @user, @platform, @content, @time, @test) returning {Columns}
            """, new { id, work.Tenant, requestKey, user, platform, content, time, test }, ct)).ToPost();

    public static async Task<SocialPost?> FindRequestAsync(Work work, string requestKey, CancellationToken ct) =>
        (await work.QuerySingleOrDefaultAsync<Row>($"select {Columns} from social_posts where tenant_id = current_tenant() and request_key = @requestKey", new { requestKey }, ct))?.ToPost();

    /// <returns>By platform, each in the order of its times.</returns>
    public static async Task<IReadOnlyList<SocialPost>> BetweenAsync(Work work, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) =>
        [.. (await work.QueryAsync<Row>(
            $"select {Columns} from social_posts where tenant_id = current_tenant() and scheduled_time >= @from and scheduled_time < @to order by platform, scheduled_time, id", new { from, to }, ct)).Select(row => row.ToPost())];

    /// <param name="failure">Null when it was posted.</param>
    public static Task SettleAsync(Work work, Guid id, string? platformId, string? failure, DateTimeOffset now, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            update social_posts set status = case when @failure::text is null then 'posted' else 'failed' end, posted_at = case when @failure::text is null then @now end,
              platform_id = @platformId, failure = @failure
            where tenant_id = current_tenant() and id = @id and status = 'scheduled'
            """, new { id, platformId, failure, now }, ct);

    private sealed record Row
    {
        public required Guid Id { get; init; }
        public required string UserId { get; init; }
        public required string Platform { get; init; }
        public required string Content { get; init; }
        public required string[] MediaUrls { get; init; }
        public required DateTimeOffset ScheduledTime { get; init; }
        public DateTimeOffset? PostedAt { get; init; }
        public int EngagementScore { get; init; }
        public required string Status { get; init; }
        public string? PlatformId { get; init; }
        public string? Failure { get; init; }
        public bool Test { get; init; }

        public SocialPost ToPost() => new(
            PublicId.Format(SocialPost.Prefix, Id), UserId, Platform, Content, MediaUrls, ScheduledTime, PostedAt, EngagementScore, Status, PlatformId, Failure, Test);
    }
}
