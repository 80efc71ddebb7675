using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Publishing.Publications;

/// <summary><c>POST /api/v1/publications</c>: makes a piece of the account's own public. One that is public, or on its way, stays as it is; one that failed is tried again.</summary>
public static class PublishPiece
{
    /// <example>{"piece_id": "piece_0199f3a17c5b7d3e8a4b5c6d7e8f9017", "channel": "blog"}</example>
    /// <param name="PieceId">A piece that has been generated: piece_….</param>
    /// <param name="Channel">blog takes blog posts, articles and recipes; x takes social posts.</param>
    public sealed record Request([Required] string PieceId, [Required] string Channel);

    /// <returns>201 when it is planned or tried again; 200 with what there is; 400 for a channel that does not exist, 404 for a piece that does not, 403 where the account may not publish, else 422.</returns>
    internal static async Task<Results<Created<PublicationView>, Ok<PublicationView>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, PlanPublications plan, PublicationSignal signal, Database db, TimeProvider clock, CancellationToken ct)
    {
        if (Channel.Check(request.Channel) is { } unknown) throw new InvalidFieldException("channel", unknown.Detail);
        if (!PublicId.TryParse("piece", request.PieceId, out var piece) && !Guid.TryParse(request.PieceId, out piece)) throw new InvalidFieldException("piece_id", "wanted: an id of the form piece_….");
        var asked = clock.GetUtcNow().AddMilliseconds(-1); // the database keeps whole microseconds
        var answer = (await plan.HandleAsync(caller.Tenant, batch: null, [new(piece, request.Channel)], ct))[0];
        if (answer.Publication is not { } publication)
        {
            var refusal = answer.Refusal!;
            return refusal.ToProblem(refusal.Code switch
            {
                "piece-not-found" => StatusCodes.Status404NotFound,
                "account-not-connected" => StatusCodes.Status403Forbidden,
                "piece-not-generated" => StatusCodes.Status409Conflict,
                "provider-off" => StatusCodes.Status501NotImplemented,
                _ => StatusCodes.Status422UnprocessableEntity,
            });
        }
        var address = $"/api/v1/publications/{PublicId.Format(Publication.Prefix, publication.Id)}";
        if (publication.State != "failed") return publication.PlannedAt >= asked ? TypedResults.Created(address, PublicationView.Of(publication)) : TypedResults.Ok(PublicationView.Of(publication));
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        await PublicationTable.ReviveAsync(work, publication.Id, work.Now, ct);
        work.Audit("publication.revived", "publication", PublicId.Format(Publication.Prefix, publication.Id), new { publication.Failure });
        var revived = (await PublicationTable.FindAsync(work, publication.Id, ct))!;
        await work.CommitAsync(ct);
        signal.Set();
        return TypedResults.Created(address, PublicationView.Of(revived));
    }
}
