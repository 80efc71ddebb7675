using Empire;
using Empire.Contracts.V1;
using Empire.Gateway.Documents;
using Empire.Gateway.Health;
using Empire.Gateway.KillSwitch;
using Empire.Gateway.Pages;
using Empire.Gateway.Requests;
using Empire.Gateway.Routing;
using Empire.Gateway.Security;
using Empire.Gateway.Static;
using Empire.Tiers;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("gateway");
builder.AddTiers();
builder.AddRedis();
builder.AddServiceClient<Identity.IdentityClient>("identity");
builder.AddHttps();
builder.AddFrontDoor();
builder.Services.AddRoutes(builder.Configuration);
builder.Services.AddHealthOverview();
builder.Services.AddDocuments();
builder.Services.AddSingleton<StaticAssets>();

var app = builder.Build();

app.UseFrontDoor();      // before anything could believe what a client claims
app.MapServiceDefaults();
app.UseAdmission();      // who comes in; below the exception handler, so that a fault here is an error of the usual form
app.MapHealthOverview();
app.MapKillSwitch();
app.MapSecurity();
app.MapStaticFiles();
app.MapDocuments();
app.MapAccountPages();
app.MapRoutes();

app.Run();
