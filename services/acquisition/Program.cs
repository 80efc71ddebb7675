using Empire;
using Empire.Acquisition.Campaigns;
using Empire.Acquisition.Mail;
using Empire.Contracts;
using Empire.Tiers;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("acquisition");
builder.AddDatabase("acquisition");
builder.AddMessaging(typeof(Program).Assembly, Subscriptions.All);
builder.AddEffects();
builder.AddSealer();
builder.AddTiers();
builder.AddMail();
builder.AddCampaigns();
builder.Services.AddValidation();
builder.AddInstallationKeys();

var app = builder.Build();
app.MapServiceDefaults();
app.MapMessaging();
app.MapEffects();
app.MapMail();
app.MapCampaigns();
app.Run();
