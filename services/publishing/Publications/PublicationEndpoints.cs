using Empire.Configuration;
using Empire.Data;
using Empire.Http;
using Empire.Publishing.Blog;
using Empire.Publishing.X;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Publishing.Publications;

public static class PublicationEndpoints
{
    public static void AddPublications(this WebApplicationBuilder builder)
    {
        builder.AddSettings<PublicationOptions>("Publications");
        builder.AddServiceClient<Contracts.V1.Content.ContentClient>("content");
        builder.AddServiceClient<Contracts.V1.Analytics.AnalyticsClient>("analytics");
        builder.Services.AddSingleton<PublicationSignal>();
        builder.Services.AddSingleton<Pieces.PieceSource>();
        builder.Services.AddSingleton<TrackedLinks>();
        builder.Services.AddSingleton<PlanPublications>();
        builder.Services.AddSingleton<PublishToBlog>();
        builder.Services.AddSingleton<PublishToX>();
        builder.Services.AddHostedService<PublicationWorker>();
        builder.Services.AddBusinessCheck("last_publication", TimeSpan.FromHours(26), (services, ct) => PublicationTable.LastPublishedAsync(services.GetRequiredService<Database>(), ct));
    }

    public static void MapPublications(this IEndpointRouteBuilder app)
    {
        var publications = app.MapGroup("/api/v1/publications").WithTags("Publications");
        publications.MapGet("", ListPublications.HandleAsync).WithName("ListPublications");
        publications.MapPost("", PublishPiece.HandleAsync).WithName("PublishPiece").WithIdempotencyKey();
        publications.MapGet("/{id}", GetAsync).WithName("GetPublication");
        publications.MapGet("/{id}/mdx", MdxAsync).WithName("ExportPublicationAsMdx");
        app.MapXAccounts();
    }

    private static async Task<Results<Ok<PublicationView>, ProblemHttpResult>> GetAsync(string id, Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return PublicId.TryParse(Publication.Prefix, id, out var key) && await PublicationTable.FindAsync(work, key, ct) is { } publication
            ? TypedResults.Ok(PublicationView.Of(publication))
            : NotFound(id);
    }

    /// <summary>The page as a file for a site that is built elsewhere.</summary>
    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> MdxAsync(string id, Caller caller, Database db, IOptions<BlogOptions> options, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (!PublicId.TryParse(Publication.Prefix, id, out var key) || await PageTable.FindAsync(work, key, ct) is not { } page) return NotFound(id);
        var site = await SiteTable.OfTenantAsync(work, caller.Tenant, options.Value, ct);
        return TypedResults.Text(Mdx.Of(site!, PublicId.Format(Publication.Prefix, key), page), "text/mdx; charset=utf-8");
    }

    private static ProblemHttpResult NotFound(string id) => new Refusal("not-found", $"There is no such publication as '{id}', or none that is public on the blog.").ToProblem(StatusCodes.Status404NotFound);
}
