namespace Empire.Acquisition.Campaigns;

public static class CampaignEndpoints
{
    public const string Path = "/api/v1/acquisition/campaigns";

    /// <summary>Campaigns, their tracked links and what is spent on them. Needs the settings of mail: links begin with the same address.</summary>
    public static void AddCampaigns(this WebApplicationBuilder builder)
    {
        builder.AddServiceClient<Contracts.V1.Analytics.AnalyticsClient>("analytics");
        builder.Services.AddSingleton<TrackedLinks>();
    }

    public static void MapCampaigns(this IEndpointRouteBuilder app)
    {
        var campaigns = app.MapGroup(Path);
        Map(campaigns, "", create: "", list: "");
        campaigns.MapPost("/{id}/links", AddLink.HandleAsync).WithName("AddCampaignLink").ForRoles("owner", "admin", "member", "service").WithIdempotencyKey();
        campaigns.MapGet("/{id}/spend", RecordSpend.ListAsync).WithName("ListCampaignSpend");
        campaigns.MapPost("/{id}/spend", RecordSpend.HandleAsync).WithName("RecordCampaignSpend").ForRoles("owner", "admin", "member", "service").WithIdempotencyKey();
        Map(app.MapGroup("/api/marketing"), "Marketing", create: "/campaign", list: "/list");
    }

    private static void Map(RouteGroupBuilder campaigns, string alias, string create, string list)
    {
        campaigns.WithTags("Campaigns");
        campaigns.MapPost(create, CreateCampaign.HandleAsync).WithName($"{alias}CreateCampaign").ForRoles("owner", "admin", "member", "service").WithIdempotencyKey();
        campaigns.MapGet(list, ReadCampaigns.ListAsync).WithName($"{alias}ListCampaigns");
        campaigns.MapGet("/analytics", ReportCampaigns.HandleAsync).WithName($"{alias}ReportCampaigns");
        campaigns.MapGet("/{id}", ReadCampaigns.GetAsync).WithName($"{alias}GetCampaign");
        campaigns.MapPut("/{id}", ChangeCampaign.HandleAsync).WithName($"{alias}ChangeCampaign").ForRoles("owner", "admin", "member", "service");
        campaigns.MapDelete("/{id}", ArchiveCampaign.HandleAsync).WithName($"{alias}ArchiveCampaign").ForRoles("owner", "admin", "member", "service");
    }
}
