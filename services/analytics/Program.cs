using Empire;
using Empire.Contracts;
using Empire.Analytics;
using Empire.Analytics.Clicks;
using Empire.Analytics.Conversions;
using Empire.Analytics.Costs;
using Empire.Analytics.Links;
using Empire.Analytics.Platform;
using Empire.Analytics.Returns;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("analytics");
builder.AddDatabase("analytics");
builder.AddMessaging(typeof(Program).Assembly, Subscriptions.All);   // Costs/ and Publications/ listen
builder.AddSealer();
builder.AddLinks();
builder.AddClicks();
builder.AddConversions();                         // the affiliate networks, as outside providers
builder.AddPlatform();                            // the figures of all accounts
builder.Services.AddGrpcServices();

var app = builder.Build();
app.MapServiceDefaults();
app.MapMessaging();                               // error queues and their redrive, for the operator
app.MapGrpcService<AnalyticsGrpc>();              // CreateLink, CollectConversions, ComputeReturns, ReportCampaigns
app.MapClicks();                                  // GET /r/{code}, and the list
app.MapPlatform();                                // GET /api/stats, /admin/stats, /admin/analytics
app.MapConversions();                             // POST /api/conversions/{network}, and the list
app.MapGet("/api/v1/analytics/costs", ListCosts.HandleAsync).WithTags("Costs");
app.MapGet("/api/v1/analytics/roi", ReportReturns.HandleAsync).WithTags("Returns");
app.Run();
