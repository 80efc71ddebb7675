namespace Empire.Autopilot.Feeds;

public static class FeedEndpoints
{
    public static void MapFeeds(this WebApplication app) =>
        app.MapPost("/api/v1/autopilot/feeds", UploadFeed.HandleAsync).WithName("UploadFeed").WithTags("Feeds");   // of any content type: what curl and a browser send differs
}
