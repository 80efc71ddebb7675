using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Publishing.Stores;

/// <summary>Sales, conversion and customers of the stores, from what was last fetched: the 30 days before now.</summary>
public static class StoreAnalytics
{
    /// <param name="From">Sales before it are not in the figures.</param>
    /// <param name="StoreId">The one that was asked for; null for all.</param>
    /// <example>{"from": "2026-10-22T10:00:00Z", "to": "2026-11-21T10:00:00Z", "store_id": null, "stores": 1, "sales_data": [{"currency": "USD", "orders": 62, "gross": 1310.00, "refunds": 69.50, "net": 1240.50,
    /// "average_order": 21.13, "refund_rate": 0.0531}], "conversion_rates": [{"store_id": "store_0199f3a2c4d57e08a1b2c3d4e5f60718", "store_name": "Grind And Brew", "checkouts": 155, "completed": 62, "rate": 0.4, "known": true}],
    /// "customer_insights": {"customers": 38, "new_customers": 21, "returning_customers": 17, "returning_rate": 0.4474, "orders_per_customer": 1.63, "orders_without_customer": 0}}</example>
    public sealed record Response(
        DateTimeOffset From, DateTimeOffset To, string? StoreId, int Stores, IReadOnlyList<Sales> SalesData, IReadOnlyList<Conversion> ConversionRates, Insights CustomerInsights);

    /// <summary>Of one currency: amounts of different ones are never summed.</summary>
    /// <param name="Gross">Before refunds.</param>
    /// <param name="AverageOrder">Gross per order.</param>
    /// <param name="RefundRate">Refunds as a share of gross, 0 to 1.</param>
    public sealed record Sales(Currency Currency, long Orders, decimal Gross, decimal Refunds, decimal Net, decimal AverageOrder, decimal RefundRate);

    /// <summary>How many checkouts that were begun were paid, in the 30 days before the last sync.</summary>
    /// <param name="Rate">0 to 1; null where there were none or the platform does not tell.</param>
    /// <param name="Known">False where the platform does not tell how many were begun.</param>
    public sealed record Conversion(string StoreId, string StoreName, int? Checkouts, int? Completed, decimal? Rate, bool Known);

    /// <param name="NewCustomers">Whose first order in the last 60 days lies within the 30.</param>
    /// <param name="ReturningCustomers">The others of those who bought in the 30, and those who bought in them more than once.</param>
    /// <param name="ReturningRate">Of all customers, 0 to 1; null without customers.</param>
    /// <param name="OrdersWithoutCustomer">Whose buyer the platform does not name; in no other figure here.</param>
    public sealed record Insights(long Customers, long NewCustomers, long ReturningCustomers, decimal? ReturningRate, decimal? OrdersPerCustomer, long OrdersWithoutCustomer);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Caller caller, Database db, TimeProvider clock, CancellationToken ct,
        [FromQuery(Name = "store_id")] string? storeId = null)
    {
        var to = clock.GetUtcNow();
        var from = to - Store.Month;
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var stores = await StoreTable.AllAsync(work, ct);
        if (storeId is not null && !(PublicId.TryParse(StoreView.Prefix, storeId, out var wanted) && (stores = [.. stores.Where(store => store.Id == wanted)]).Count > 0)) return StoreEndpoints.NotFound(storeId);
        var ids = stores.Select(store => store.Id).ToArray();
        var sales = await work.QueryAsync<SalesRow>(
            """
            select currency, count(*) as orders, sum(paid_micros)::bigint as gross, sum(refunded_micros)::bigint as refunds from store_orders
            where tenant_id = current_tenant() and store_id = any(@ids) and placed_at >= @from and placed_at <= @to group by currency order by currency
            """, new { ids, from, to }, ct);
        var customers = await work.QuerySingleAsync<CustomerRow>(
            """
            with buyers as (
              select count(*) filter (where placed_at >= @from) as orders, min(placed_at) >= @from as is_new from store_orders
              where tenant_id = current_tenant() and store_id = any(@ids) and placed_at <= @to and customer is not null group by store_id, customer
            )
            select count(*) as customers, count(*) filter (where is_new) as new_customers, count(*) filter (where not is_new or orders > 1) as returning_customers, coalesce(sum(orders), 0)::bigint as orders,
              (select count(*) from store_orders where tenant_id = current_tenant() and store_id = any(@ids) and placed_at >= @from and placed_at <= @to and customer is null) as nameless
            from buyers where orders > 0
            """, new { ids, from, to }, ct);
        return TypedResults.Ok(new Response(from, to, storeId, stores.Count, [.. sales.Select(Of)], [.. stores.Select(Of)], Of(customers)));
    }

    private static Sales Of(SalesRow row)
    {
        var currency = Currency.Parse(row.Currency);
        decimal gross = new Money(row.Gross, currency).Amount, refunds = new Money(row.Refunds, currency).Amount;
        return new(currency, row.Orders, gross, refunds, gross - refunds, decimal.Round(gross / row.Orders, currency.Exponent, MidpointRounding.ToEven), Share(refunds, gross) ?? 0);
    }

    private static Conversion Of(Store store)
    {
        var begun = store.AbandonedCheckouts + store.CompletedCheckouts;
        return new(PublicId.Format(StoreView.Prefix, store.Id), store.StoreName, begun, store.CompletedCheckouts, begun is > 0 ? Share(store.CompletedCheckouts!.Value, begun.Value) : null, begun is not null);
    }

    private static Insights Of(CustomerRow row) => new(
        row.Customers, row.NewCustomers, row.ReturningCustomers, Share(row.ReturningCustomers, row.Customers), row.Customers == 0 ? null : decimal.Round((decimal)row.Orders / row.Customers, 2, MidpointRounding.ToEven), row.Nameless);

    private static decimal? Share(decimal part, decimal whole) => whole == 0 ? null : decimal.Round(part / whole, 4, MidpointRounding.ToEven);

    private sealed record SalesRow(string Currency, long Orders, long Gross, long Refunds);
    private sealed record CustomerRow(long Customers, long NewCustomers, long ReturningCustomers, long Orders, long Nameless);
}
