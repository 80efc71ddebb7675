using Empire.Data;
using Empire.Effects;
using Empire.Publishing.Blog;
using Empire.Publishing.Pieces;
using Empire.Publishing.X;
using Microsoft.Extensions.Options;

namespace Empire.Publishing.Publications;

/// <summary>Decides the post of a piece on X: its words, its quota and its effect, in one transaction.</summary>
public sealed class PublishToX(Database db, [FromKeyedServices(XSetup.Provider)] XOptions x, XAccess access, IOptions<BlogOptions> blog, TimeProvider clock)
{
    /// <param name="code">Of the tracked link; null for a piece that sells nothing.</param>
    /// <returns>Waits for the next window where the account's quota is used up.</returns>
    public async Task<PublishOutcome> PlanAsync(Publication publication, Piece piece, string? code, CancellationToken ct)
    {
        if (await access.CheckAsync(publication.Tenant, ct) is { } closed) return PublishOutcome.Refused(closed);
        var site = await SiteTable.EnsureAsync(db, publication.Tenant, blog.Value, clock.GetUtcNow(), ct);
        var text = PostText.Compose(DocumentJson.Parse<SocialPostDocument>(piece.Document), code is null ? null : site.UrlOf($"/r/{code}"));
        var now = clock.GetUtcNow();
        await using var work = await db.BeginAsync(publication.Tenant, ct);
        if (await XAccountTable.CheckAsync(work, x.Account, ct) is { } stopped) return PublishOutcome.Refused(stopped);
        if (!await PublicationTable.StartAsync(work, publication.Id, ct)) return PublishOutcome.Done; // another worker was faster
        var intent = new PostToX(publication.Id, null, x.Account, text, code, publication.Test);
        if (await work.PlanAsync(new EffectPlan<PostToX>(publication.EffectKey, intent, now, PostToX.Quotas(x, now)), ct) is not null)
            return PublishOutcome.Wait(PostToX.NextWindow(now));
        await work.CommitAsync(ct);
        return PublishOutcome.Done;
    }
}
