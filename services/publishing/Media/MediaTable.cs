using Empire.Data;

namespace Empire.Publishing.Media;

/// <param name="Name">Its content's hash and kind: <c>{sha256}.svg</c>.</param>
public sealed record Picture(string Name, string ContentType, byte[] Content);

public static class MediaTable
{
    public static Task<Picture?> FindAsync(Work work, string name, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Picture>("select name, content_type, content from media where tenant_id = current_tenant() and name = @name", new { name }, ct);

    /// <returns>The name of the picture fetched from there before; null when none was.</returns>
    public static Task<string?> NameOfAsync(Work work, Uri source, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<string>("select name from media where tenant_id = current_tenant() and source_url = @source order by fetched_at desc limit 1", new { source = source.ToString() }, ct);

    /// <returns>False when the account keeps the same picture already, wherever it came from.</returns>
    public static async Task<bool> InsertAsync(Work work, Picture picture, Uri source, DateTimeOffset now, CancellationToken ct) =>
        await work.ExecuteAsync(
            """
            insert into media (tenant_id, name, content_type, content, source_url, fetched_at)
            values (@Tenant, @Name, @ContentType, @Content, @source, @now) on conflict do nothing
            """, new { work.Tenant, picture.Name, picture.ContentType, picture.Content, source = source.ToString(), now }, ct) == 1;
}
