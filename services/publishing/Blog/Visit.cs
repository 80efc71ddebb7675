using Empire.Data;
using Microsoft.Extensions.Options;

namespace Empire.Publishing.Blog;

/// <summary>One reader's request to one site: its frame, and a transaction that sees that site's rows only.</summary>
public sealed class Visit(Work work, Frame frame) : IAsyncDisposable
{
    public Work Work { get; } = work;
    public Frame Frame { get; } = frame;

    public ValueTask DisposeAsync() => Work.DisposeAsync();

    /// <summary>Opens visits; bound from the request by its host.</summary>
    public sealed class Door(Database db, IOptions<BlogOptions> options, TimeProvider clock)
    {
        public async Task<Visit> OpenAsync(HttpRequest request, CancellationToken ct)
        {
            var work = await db.BeginSystemAsync(ct);
            try
            {
                var site = await SiteTable.OpenAsync(work, HostOf(request), options.Value, ct) ?? NotYet(options.Value);
                return new(work, new(site, await PageTable.NichesAsync(work, ct), clock.GetUtcNow().Year));
            }
            catch
            {
                await work.DisposeAsync();
                throw;
            }
        }

        /// <summary>The gateway calls us under our own name and says in the header which name the reader used. A forged one shows another public site, nothing else.</summary>
        private static string HostOf(HttpRequest request) =>
            request.Headers["X-Forwarded-Host"] is [{ Length: > 0 } forwarded, ..] ? new HostString(forwarded).Host : request.Host.Host;

        /// <summary>Before the first publication no site exists; the work then sees no tenant's rows and every list is empty.</summary>
        private static Site NotYet(BlogOptions options) => new(Guid.Empty, Site.AnyHost, options.Name, options.Description, options.PublicUrl);
    }
}
