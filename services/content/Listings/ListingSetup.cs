using Empire.Content.Pieces;

namespace Empire.Content.Listings;

public static class ListingSetup
{
    public static void AddListings(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PieceKind, ListingKind>();
        builder.Services.AddSingleton<PieceKind, ListingReviewKind>();
    }
}
