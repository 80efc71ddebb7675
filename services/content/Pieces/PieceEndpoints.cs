namespace Empire.Content.Pieces;

public static class PieceEndpoints
{
    public static void MapPieces(this IEndpointRouteBuilder app)
    {
        var pieces = app.MapGroup("/api/v1/content/pieces").WithTags("Pieces");
        pieces.MapGet("/", ListPieces.HandleAsync).WithName("ListPieces");
        pieces.MapPost("/", RequestPiece.HandleAsync).WithName("RequestPiece").WithIdempotencyKey();
        pieces.MapGet("/{id}", GetPiece.HandleAsync).WithName("GetPiece");
        app.MapGet("/api/content/{id}", GetPiece.HandleAsync).WithTags("Pieces");
    }
}
