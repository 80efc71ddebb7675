namespace Empire.Autopilot.Feeds;

public static class FeedEndpoints
{
    public static void MapFeeds(this WebApplication app)
    {
        var feeds = app.MapGroup("/api/v1/autopilot/feeds").WithTags("Feeds");
        feeds.MapPost("", UploadFeed.HandleAsync).WithName("UploadFeed");   // of any content type: what curl and a browser send differs
        feeds.MapGet("/{id}", GetFeed.HandleAsync).WithName("GetFeed");
    }
}
