using System.Security.Cryptography;
using System.Text.Json;
using Empire.Autopilot.Catalogue;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Autopilot.Feeds;

/// <summary>Takes the owner's own product file into the catalogue: all good rows at once, or nothing. The same file sent again is the same feed.</summary>
public static class UploadFeed
{
    private const int MaxBytes = 20 * 1024 * 1024;
    private const int ShownRejections = 100;

    /// <summary>The catalogue's name for the owner's own products.</summary>
    public const string Network = "own";

    /// <param name="Rejections">The first hundred; all of them page by page at the feed's own address, which the header Location tells.</param>
    /// <example>{"feed_id": "feed_0199f3a17c5b7d3e8a4b5c6d7e8f9012", "accepted": 120, "rejected": 0, "rejections": []}</example>
    public sealed record Response(string FeedId, int Accepted, int Rejected, IReadOnlyList<Rejection> Rejections);

    public static async Task<Results<Created<Response>, ProblemHttpResult>> HandleAsync(
        HttpRequest request, Caller caller, Database db, TimeProvider clock, CancellationToken ct)
    {
        if (await ReadAsync(request, ct) is not { } file)
            return new Refusal("payload-too-large", $"A feed has at most {MaxBytes / 1024 / 1024} MiB.").ToProblem(StatusCodes.Status413PayloadTooLarge);
        ProductFeed feed;
        try
        {
            feed = CsvProductReader.Read(file, Dialect.Own);
        }
        catch (UnreadableFeedException e)
        {
            return new Refusal("unreadable-feed", e.Message).ToProblem(StatusCodes.Status400BadRequest);
        }
        if (feed.Products.Count == 0)
        {
            var first = feed.Rejections.Count > 0 ? $" Line {feed.Rejections[0].Line}: {feed.Rejections[0].Reason}" : "";
            return new Refusal("unreadable-feed", $"The file has no usable row.{first}").ToProblem(StatusCodes.Status400BadRequest);
        }
        var id = await StoreAsync(file, feed, caller, db, clock.GetUtcNow(), ct);
        var publicId = PublicId.Format("feed", id);
        return TypedResults.Created(
            $"/api/v1/autopilot/feeds/{publicId}", new Response(publicId, feed.Products.Count, feed.Rejections.Count, [.. feed.Rejections.Take(ShownRejections)]));
    }

    private static async Task<Guid> StoreAsync(byte[] file, ProductFeed feed, Caller caller, Database db, DateTimeOffset now, CancellationToken ct)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(file));
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        await ProductTable.UpsertAsync(work, Network, feed.Products, now, ct);
        var id = await work.QuerySingleAsync<Guid>(
            """
            insert into feeds (id, tenant_id, content_hash, accepted, rejected, rejections, created_at)
            values (@id, @Tenant, @hash, @accepted, @rejected, @rejections::jsonb, @now)
            on conflict (tenant_id, content_hash) do update set accepted = excluded.accepted, rejected = excluded.rejected, rejections = excluded.rejections returning id
            """,
            new
            {
                id = Guid.CreateVersion7(now), caller.Tenant, hash, accepted = feed.Products.Count, rejected = feed.Rejections.Count,
                rejections = JsonSerializer.Serialize(feed.Rejections, JsonSerializerOptions.Web), now,
            }, ct);
        await work.ExecuteAsync(
            """
            insert into feed_products (feed_id, tenant_id, product_id)
            select @id, @Tenant, p.id from products p where p.tenant_id = @Tenant and p.network = @Network and p.external_id = any(@ids) on conflict do nothing
            """, new { id, caller.Tenant, Network, ids = feed.Products.Select(p => p.ExternalId).ToArray() }, ct);
        await work.CommitAsync(ct);
        return id;
    }

    /// <returns>Null when the body is too large.</returns>
    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength > MaxBytes) return null;
        using var buffer = new MemoryStream();
        var chunk = new byte[81920];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, ct)) > 0)
        {
            if (buffer.Length + read > MaxBytes) return null;
            buffer.Write(chunk, 0, read);
        }
        return buffer.ToArray();
    }
}
