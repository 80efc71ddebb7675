using Empire.Data;

namespace Empire.Publishing.Stores;

public static class StoreTable
{
    private const string Columns =
        """
        id, user_id, platform, platform_id, store_name, store_url, api_credentials, currency, monthly_revenue_micros, total_products, abandoned_checkouts, completed_checkouts, is_active,
        failure, test, synced_at, created_at, set_at
        """;

    /// <returns>False when the account has that store of the platform already; then nothing was added.</returns>
    public static async Task<bool> AddAsync(Work work, Store store, CancellationToken ct) => await work.ExecuteAsync(
        """
        insert into product_stores (id, tenant_id, user_id, platform, platform_id, store_name, store_url, api_credentials, currency, test, created_at, set_at)
        values (@Id, current_tenant(), @UserId, @Platform, @PlatformId, @StoreName, @StoreUrl, @ApiCredentials, @Currency, @Test, @CreatedAt, @SetAt)
        on conflict (tenant_id, platform, platform_id) do nothing
        """, store, ct) == 1;

    public static Task<Store?> LockAsync(Work work, string platform, string platformId, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Store>(
            $"select {Columns} from product_stores where tenant_id = current_tenant() and platform = @platform and platform_id = @platformId for update", new { platform, platformId }, ct);

    public static Task<Store?> FindAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Store>($"select {Columns} from product_stores where tenant_id = current_tenant() and id = @id", new { id }, ct);

    /// <returns>In the order in which they were connected.</returns>
    public static Task<IReadOnlyList<Store>> AllAsync(Work work, CancellationToken ct) =>
        work.QueryAsync<Store>($"select {Columns} from product_stores where tenant_id = current_tenant() order by id", ct: ct);

    /// <summary>New credentials for a store that is connected already; what is known of it stays.</summary>
    /// <param name="setAt">Where the token is another one, now: its age begins anew. Null where it is the same.</param>
    public static Task RenewAsync(Work work, Guid id, string name, string? url, string credentials, DateTimeOffset? setAt, CancellationToken ct) => work.ExecuteAsync(
        """
        update product_stores set store_name = @name, store_url = @url, api_credentials = @credentials, is_active = true, failure = null,
          set_at = coalesce(@setAt, set_at), aged_at = case when @setAt::timestamptz is null then aged_at end
        where tenant_id = current_tenant() and id = @id
        """, new { id, name, url, credentials, setAt }, ct);

    /// <summary>Writes down that a sync failed; one whose credentials were refused is no longer active. Says nothing of credentials that were replaced meanwhile.</summary>
    public static Task FailAsync(Work work, Store store, string failure, bool refused, CancellationToken ct) => work.ExecuteAsync(
        "update product_stores set failure = @failure, is_active = is_active and not @refused where tenant_id = current_tenant() and id = @Id and api_credentials = @ApiCredentials",
        new { store.Id, store.ApiCredentials, failure, refused }, ct);

    /// <returns>False when the store is gone, or a later sync has written already.</returns>
    public static async Task<bool> SaveFiguresAsync(Work work, Guid id, StoreFigures figures, DateTimeOffset began, CancellationToken ct) => await work.ExecuteAsync(
        """
        update product_stores set total_products = @Products, abandoned_checkouts = @abandoned, completed_checkouts = @completed, is_active = true, failure = null, synced_at = @began
        where tenant_id = current_tenant() and id = @id and (synced_at is null or synced_at <= @began)
        """, new { id, figures.Products, abandoned = figures.Checkouts?.Abandoned, completed = figures.Checkouts?.Completed, began }, ct) == 1;

    /// <summary>Sums the month up anew, from the orders as they stand, in the store's own currency.</summary>
    public static Task SumUpAsync(Work work, Guid id, DateTimeOffset since, CancellationToken ct) => work.ExecuteAsync(
        """
        update product_stores s set monthly_revenue_micros = coalesce((select sum(o.paid_micros - o.refunded_micros) from store_orders o
          where o.tenant_id = current_tenant() and o.store_id = s.id and o.currency = s.currency and o.placed_at >= @since), 0)
        where s.tenant_id = current_tenant() and s.id = @id
        """, new { id, since }, ct);

    /// <summary>Copies orders; one that is known takes over what was given back since.</summary>
    public static Task SaveOrdersAsync(Work work, Guid store, IReadOnlyList<StoreOrder> orders, StoreSecret secret, CancellationToken ct) => work.ExecuteAsync(
        """
        insert into store_orders (store_id, tenant_id, platform_id, placed_at, currency, paid_micros, refunded_micros, customer)
        select @store, current_tenant(), * from unnest(@ids::text[], @times::timestamptz[], @currencies::text[], @paid::bigint[], @refunded::bigint[], @customers::text[])
        on conflict (store_id, platform_id) do update set paid_micros = excluded.paid_micros, refunded_micros = excluded.refunded_micros
        """,
        new
        {
            store,
            ids = orders.Select(order => order.Id).ToArray(),
            times = orders.Select(order => order.PlacedAt.UtcDateTime).ToArray(),
            currencies = orders.Select(order => order.Paid.Currency.Code).ToArray(),
            paid = orders.Select(order => order.Paid.Micros).ToArray(),
            refunded = orders.Select(order => order.Refunded.Micros).ToArray(),
            customers = orders.Select(order => secret.HashOf(order.Customer)).ToArray(),
        }, ct);

    /// <summary>Forgets orders that are older than anything is asked about.</summary>
    public static Task ForgetOrdersAsync(Work work, Guid store, DateTimeOffset before, CancellationToken ct) =>
        work.ExecuteAsync("delete from store_orders where tenant_id = current_tenant() and store_id = @store and placed_at < @before", new { store, before }, ct);

    /// <returns>False when there was none.</returns>
    public static async Task<bool> DeleteAsync(Work work, Guid id, CancellationToken ct) =>
        await work.ExecuteAsync("delete from product_stores where tenant_id = current_tenant() and id = @id", new { id }, ct) == 1;
}
