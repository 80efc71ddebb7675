using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Telemetry.Carbon;

/// <summary><c>/api/v1/telemetry/carbon-factors</c>: what an account knows better than the book of the grids that its hosts draw from. A factor of its own wins over the book; a host's label over both.</summary>
public static class CarbonFactors
{
    private const int LongestName = 100, LongestSource = 200, MostFactors = 500, FirstYear = 1990, LastYear = 2200;

    /// <example>{"grams_per_kwh": 18.5, "year": 2026, "source": "Contract with the supplier, hourly matched"}</example>
    /// <param name="GramsPerKwh">CO2 equivalent, 0 to 2000; at most four decimals.</param>
    /// <param name="Source">Where the figure is from, in one line: it is shown wherever the figure is used.</param>
    /// <param name="Year">Whose mean it is; left out: not said.</param>
    public sealed record Request(decimal GramsPerKwh, string Source, int? Year = null);

    /// <param name="Provider">As the hosts say it; <c>country</c>: then <paramref name="Region"/> is an ISO 3166 code, and it is of hosts with that label.</param>
    /// <param name="BookGramsPerKwh">What would count without it; null where the book has nothing.</param>
    /// <example>{"provider": "aws", "region": "eu-central-1", "grams_per_kwh": 18.5, "year": 2026, "source": "Contract with the supplier, hourly matched", "book_grams_per_kwh": 329.6, "changed_at": "2026-03-02T08:00:00+00:00"}</example>
    public sealed record View(string Provider, string Region, decimal GramsPerKwh, int? Year, string Source, decimal? BookGramsPerKwh, DateTimeOffset ChangedAt);

    /// <example>{"factors": [{"provider": "aws", "region": "eu-central-1", "grams_per_kwh": 18.5, "year": 2026, "source": "Contract with the supplier, hourly matched", "book_grams_per_kwh": 329.6, "changed_at": "2026-03-02T08:00:00+00:00"}]}</example>
    public sealed record List(IReadOnlyList<View> Factors);

    public static void MapCarbonFactors(this IEndpointRouteBuilder telemetry)
    {
        telemetry.MapGet("/carbon-factors", ListAsync).WithName("ListCarbonFactors");
        telemetry.MapPut("/carbon-factors/{provider}/{region}", SetAsync).WithName("SetCarbonFactor");
        telemetry.MapDelete("/carbon-factors/{provider}/{region}", RemoveAsync).WithName("RemoveCarbonFactor");
    }

    /// <summary>The book as the account sees it.</summary>
    internal static async Task<CarbonBook> BookAsync(Work work, CarbonBook book, CancellationToken ct) => book.With((await RowsAsync(work, ct)).Select(row => row.ToLine()));

    internal static async Task<List> ListAsync(Caller caller, Database db, CarbonBook book, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return new([.. (await RowsAsync(work, ct)).Select(row => row.ToView(book))]);
    }

    internal static async Task<Results<Ok<View>, ProblemHttpResult>> SetAsync(string provider, string region, Request request, Caller caller, Database db, CarbonBook book, CancellationToken ct)
    {
        (provider, region) = Named(provider, region);
        if (request.GramsPerKwh is < 0 or > CarbonBook.DirtiestGrid || decimal.Round(request.GramsPerKwh, 4) != request.GramsPerKwh)
            throw new InvalidFieldException("grams_per_kwh", $"wanted: 0 to {CarbonBook.DirtiestGrid:0}, with at most four decimals.");
        if (request.Year is < FirstYear or > LastYear) throw new InvalidFieldException("year", $"wanted: {FirstYear} to {LastYear}.");
        if (request.Source is not { Length: > 0 and <= LongestSource } source || source.Any(char.IsControl)) throw new InvalidFieldException("source", $"wanted: one line of 1 to {LongestSource} characters that says where the figure is from.");
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var row = new Row { Provider = provider, Region = region, GramsPerKwh = request.GramsPerKwh, Year = request.Year, Source = source, ChangedAt = work.Now };
        var set = await work.ExecuteAsync(
            """
            insert into carbon_factors (tenant_id, provider, region, grams_per_kwh, year, source, changed_at)
            select current_tenant(), @Provider, @Region, @GramsPerKwh, @Year, @Source, @Now
            where (select count(*) from carbon_factors where tenant_id = current_tenant() and (provider, region) <> (@Provider, @Region)) < @MostFactors
            on conflict (tenant_id, provider, region) do update set grams_per_kwh = excluded.grams_per_kwh, year = excluded.year, source = excluded.source, changed_at = excluded.changed_at
            """, new { row.Provider, row.Region, row.GramsPerKwh, row.Year, row.Source, Now = work.Now.UtcDateTime, MostFactors }, ct);
        if (set == 0) return new Refusal("too-many-carbon-factors", $"An account may have {MostFactors} factors of its own. Remove one first.").ToProblem();
        work.Audit("carbon-factor.set", "carbon-factor", $"{provider}/{region}", new { row.GramsPerKwh, row.Year, row.Source });
        await work.CommitAsync(ct);
        return TypedResults.Ok(row.ToView(book));
    }

    /// <summary>From then on the book counts; also where there was nothing to remove.</summary>
    internal static async Task<NoContent> RemoveAsync(string provider, string region, Caller caller, Database db, CancellationToken ct)
    {
        (provider, region) = Named(provider, region);
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await work.ExecuteAsync("delete from carbon_factors where tenant_id = current_tenant() and provider = @provider and region = @region", new { provider, region }, ct) > 0)
            work.Audit("carbon-factor.removed", "carbon-factor", $"{provider}/{region}");
        await work.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    /// <summary>As agents' words are kept.</summary>
    private static (string Provider, string Region) Named(string provider, string region)
    {
        (provider, region) = (provider.Trim().ToLowerInvariant(), region.Trim());
        if (provider.Length is 0 or > LongestName || provider.Any(char.IsControl)) throw new InvalidFieldException("provider", $"wanted: 1 to {LongestName} characters, as the hosts say it, or country.");
        if (region.Length is 0 or > LongestName || region.Any(char.IsControl)) throw new InvalidFieldException("region", $"wanted: 1 to {LongestName} characters, as the hosts say it.");
        return provider == CarbonBook.Country ? (provider, region.ToUpperInvariant()) : (provider, region);
    }

    private static Task<IReadOnlyList<Row>> RowsAsync(Work work, CancellationToken ct) => work.QueryAsync<Row>(
        "select provider, region, grams_per_kwh, year, source, changed_at from carbon_factors where tenant_id = current_tenant() order by provider, region", ct: ct);

    private sealed record Row
    {
        public string Provider { get; init; } = "";
        public string Region { get; init; } = "";
        public decimal GramsPerKwh { get; init; }
        public int? Year { get; init; }
        public string Source { get; init; } = "";
        public DateTimeOffset ChangedAt { get; init; }

        public GridLine ToLine() => new(Provider, Region, GramsPerKwh, Year ?? 0, Source);

        public View ToView(CarbonBook book) => new(Provider, Region, GramsPerKwh / 1.0000m, Year, Source, book.LineOf(Provider, Region)?.GramsPerKwh, ChangedAt);
    }
}
