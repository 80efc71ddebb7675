using Empire.Data;

namespace Empire.Publishing.Products;

public static class ProductTable
{
    private const string Columns =
        """
        id, request_key, user_id, niche, product_type, title, description, price_micros, currency, features, seo_title, meta_description, slug, keywords, piece_id, prompt_version, test,
        created_at, updated_at
        """;

    /// <returns>False when the account has a product of this request key already; then nothing was added.</returns>
    public static async Task<bool> AddAsync(Work work, Product product, CancellationToken ct) => await work.ExecuteAsync(
        """
        insert into products (id, tenant_id, request_key, user_id, niche, product_type, title, description, price_micros, currency, features, seo_title, meta_description, slug, keywords,
          piece_id, prompt_version, test, created_at, updated_at)
        values (@Id, current_tenant(), @RequestKey, @UserId, @Niche, @ProductType, @Title, @Description, @PriceMicros, @Currency, @Features, @SeoTitle, @MetaDescription, @Slug, @Keywords,
          @PieceId, @PromptVersion, @Test, @CreatedAt, @UpdatedAt)
        on conflict (tenant_id, request_key) do nothing
        """, product, ct) == 1;

    public static Task<Product?> FindAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Product>($"select {Columns} from products where tenant_id = current_tenant() and id = @id", new { id }, ct);

    public static Task<Product?> LockAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Product>($"select {Columns} from products where tenant_id = current_tenant() and id = @id for update", new { id }, ct);

    public static Task<Product?> FindRequestAsync(Work work, string requestKey, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Product>($"select {Columns} from products where tenant_id = current_tenant() and request_key = @requestKey", new { requestKey }, ct);

    /// <returns>The newest first.</returns>
    /// <param name="after">Null: from the newest on.</param>
    public static Task<IReadOnlyList<Product>> ListAsync(Work work, string? niche, Guid? after, int most, CancellationToken ct) =>
        work.QueryAsync<Product>(
            $"""
            select {Columns} from products
            where tenant_id = current_tenant() and (@niche::text is null or niche = @niche) and (@after::uuid is null or id < @after) order by id desc limit @most
            """, new { niche, after, most }, ct);

    public static Task<IReadOnlyList<string>> TitlesAsync(Work work, string niche, int most, CancellationToken ct) =>
        work.QueryAsync<string>("select title from products where tenant_id = current_tenant() and niche = @niche order by id desc limit @most", new { niche, most }, ct);

    public static Task SaveAsync(Work work, Product product, CancellationToken ct) => work.ExecuteAsync(
        """
        update products set title = @Title, description = @Description, price_micros = @PriceMicros, features = @Features, seo_title = @SeoTitle, meta_description = @MetaDescription,
          slug = @Slug, keywords = @Keywords, updated_at = @UpdatedAt
        where tenant_id = current_tenant() and id = @Id
        """, product, ct);

    /// <returns>False when there was none.</returns>
    public static async Task<bool> DeleteAsync(Work work, Guid id, CancellationToken ct) =>
        await work.ExecuteAsync("delete from products where tenant_id = current_tenant() and id = @id", new { id }, ct) == 1;
}
