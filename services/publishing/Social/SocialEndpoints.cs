namespace Empire.Publishing.Social;

public static class SocialEndpoints
{
    public static void MapSocial(this IEndpointRouteBuilder app)
    {
        var social = app.MapGroup("/api/social").WithTags("Social");
        social.MapPost("/post", SchedulePost.HandleAsync).WithName("SchedulePost").ForRoles("owner", "admin", "member", "service").WithIdempotencyKey();
        social.MapGet("/calendar", ShowCalendar.HandleAsync).WithName("ShowCalendar");
    }
}
