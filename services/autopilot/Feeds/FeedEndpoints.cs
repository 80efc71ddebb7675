namespace Empire.Autopilot.Feeds;

public static class FeedEndpoints
{
    public static void MapFeeds(this WebApplication app) =>
        app.MapPost("/api/v1/autopilot/feeds", UploadFeed.HandleAsync).WithName("UploadFeed").WithTags("Feeds").Accepts<string>("text/csv");
}
