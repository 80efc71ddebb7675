using Empire;
using Empire.Contracts;
using Empire.Autopilot.Catalogue;
using Empire.Autopilot.Cycles;
using Empire.Autopilot.Feeds;
using Empire.Autopilot.Networks;
using Empire.Autopilot.Schedule;
using Empire.Contracts.V1;
using Empire.Tiers;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("autopilot");
builder.AddDatabase("autopilot");
builder.AddMessaging(typeof(Program).Assembly, Subscriptions.All);
builder.AddSealer();
builder.AddOperatorAccount();
builder.AddTiers();
builder.AddServiceClient<Content.ContentClient>("content");
builder.AddServiceClient<Publishing.PublishingClient>("publishing");
builder.AddServiceClient<Analytics.AnalyticsClient>("analytics");
builder.Services.AddValidation();
builder.AddNetworks();
builder.Services.AddCycles();
builder.Services.AddSchedule();
builder.AddInstallationKeys();

var app = builder.Build();

app.MapServiceDefaults();
app.MapMessaging();
app.MapCatalogue();
app.MapFeeds();
app.MapCycles();
app.MapSchedule();

app.Run();
