using System.Text.Json;
using Empire.Data;

namespace Empire.Autopilot.Catalogue;

internal static class ProductTable
{
    public const string Columns =
        "p.id, p.network, p.external_id, p.name, p.brand, p.niche, p.price_micros, p.currency, p.url, p.image_url, p.description, p.features, p.rating, "
        + "p.review_count, p.commission_rate, p.conversion_rate, p.trend, p.competition";

    /// <summary>What a network no longer offers is out of stock: its page would lead nowhere. An empty catalogue is taken for a fault of the network's, and changes nothing.</summary>
    /// <param name="offered">Everything that it offers now.</param>
    /// <returns>How many were taken out.</returns>
    public static Task<int> WithdrawAsync(Work work, string network, IReadOnlyCollection<FeedProduct> offered, DateTimeOffset now, CancellationToken ct) => offered.Count == 0 ? Task.FromResult(0) : work.ExecuteAsync(
        """
        update products p set in_stock = false, updated_at = @now
        where p.tenant_id = current_tenant() and p.network = @network and p.in_stock and not exists (select from unnest(@ids) as offered (id) where offered.id = p.external_id)
        """, new { network, now, ids = offered.Select(product => product.ExternalId).ToArray() }, ct);

    /// <summary>Adds what is new and updates what changed, in one statement; an equal row is left alone.</summary>
    public static async Task<Upserted> UpsertAsync(Work work, string network, IReadOnlyCollection<FeedProduct> products, DateTimeOffset now, CancellationToken ct)
    {
        var rows = products.Select(p => new
        {
            id = Guid.CreateVersion7(now), external_id = p.ExternalId, name = p.Name, brand = p.Brand, niche = p.Niche, price_micros = p.Price.Micros,
            currency = p.Price.Currency.Code, url = p.Url, image_url = p.ImageUrl, description = p.Description, features = p.Features, rating = p.Rating,
            review_count = p.ReviewCount, commission_rate = p.CommissionRate, conversion_rate = p.ConversionRate, trend = p.Trend, competition = p.Competition,
            in_stock = p.InStock,
        });
        var changed = await work.QueryAsync<bool>(
            """
            insert into products as p (id, tenant_id, network, external_id, name, brand, niche, price_micros, currency, url, image_url, description, features, rating,
                                       review_count, commission_rate, conversion_rate, trend, competition, in_stock, first_seen_at, updated_at)
            select r.id, @tenant, @network, r.external_id, r.name, r.brand, r.niche, r.price_micros, r.currency, r.url, r.image_url, r.description, r.features, r.rating,
                   r.review_count, r.commission_rate, r.conversion_rate, r.trend, r.competition, r.in_stock, @now, @now
            from jsonb_to_recordset(@rows::jsonb) as r (id uuid, external_id text, name text, brand text, niche text, price_micros bigint, currency char(3), url text,
              image_url text, description text, features text[], rating numeric, review_count int, commission_rate numeric, conversion_rate numeric, trend numeric,
              competition numeric, in_stock boolean)
            on conflict (tenant_id, network, external_id) do update set
              name = excluded.name, brand = excluded.brand, niche = excluded.niche, price_micros = excluded.price_micros, currency = excluded.currency, url = excluded.url,
              image_url = excluded.image_url, description = excluded.description, features = excluded.features, rating = excluded.rating,
              review_count = excluded.review_count, commission_rate = excluded.commission_rate, conversion_rate = excluded.conversion_rate, trend = excluded.trend,
              competition = excluded.competition, in_stock = excluded.in_stock, updated_at = excluded.updated_at
            where (p.name, p.brand, p.niche, p.price_micros, p.currency, p.url, p.image_url, p.description, p.features, p.rating, p.review_count, p.commission_rate,
                   p.conversion_rate, p.trend, p.competition, p.in_stock)
              is distinct from (excluded.name, excluded.brand, excluded.niche, excluded.price_micros, excluded.currency, excluded.url, excluded.image_url,
                   excluded.description, excluded.features, excluded.rating, excluded.review_count, excluded.commission_rate, excluded.conversion_rate, excluded.trend,
                   excluded.competition, excluded.in_stock)
            returning xmax = 0
            """,
            new { tenant = work.Tenant, network, now, rows = JsonSerializer.Serialize(rows) }, ct);
        return new(products.Count, changed.Count(isNew => isNew), changed.Count(isNew => !isNew));
    }
}

/// <param name="Changed">Known before, and different now.</param>
internal sealed record Upserted(int Products, int New, int Changed);
