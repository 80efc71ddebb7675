using System.Globalization;

namespace Empire.Sandbox.Networks;

/// <summary>A network's own account of the conversions, for reconciliation: what a lost or doubled postback cannot falsify.</summary>
public static class ConversionReport
{
    const int PageSize = 100;

    /// <param name="since">Conversions changed at or after this instant (ISO 8601).</param>
    /// <param name="cursor">The <c>next_cursor</c> of the page before; a conversion that changed in the meantime comes again at the end.</param>
    public static IResult List(string network, string? since, string? cursor, HttpContext http, Conversions conversions)
    {
        if (Network.Find(network) is null) return HarborProducts.Error(404, "not_found", $"There is no network {network}.");
        if (!HarborProducts.HasKey(http.Request) && string.IsNullOrEmpty(http.Request.Query["token"])) return HarborProducts.Error(401, "unauthorized", "Send a bearer key or the query parameter token.");
        var from = DateTimeOffset.MinValue;
        if (since is not null && !DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out from)) return HarborProducts.Error(400, "invalid_parameter", "since: an ISO 8601 instant.", "since");
        var after = 0L;
        if (cursor is not null && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out after)) return HarborProducts.Error(400, "invalid_parameter", "cursor: the next_cursor of a page of this report.", "cursor");

        var rows = conversions.All.Where(c => c.Network == network && c.UpdatedAt >= from && c.Sequence > after).Take(PageSize + 1).ToList();
        var next = rows.Count > PageSize ? $"{rows[PageSize - 1].Sequence}" : null;
        return Results.Json(new { data = rows.Take(PageSize).Select(PostbackBody.Of), next_cursor = next }, SandboxSetup.JsonWithNulls);
    }
}
