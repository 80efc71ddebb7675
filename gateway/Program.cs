using Empire;
using Empire.Contracts.V1;
using Empire.Gateway.Authentication;
using Empire.Gateway.Health;
using Empire.Gateway.KillSwitch;
using Empire.Gateway.Routing;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("gateway");
builder.AddServiceClient<Identity.IdentityClient>("identity");
builder.Services.AddSingleton<Authenticator>();
builder.Services.AddRoutes(builder.Configuration);
builder.Services.AddHealthOverview();

var app = builder.Build();

app.UseMiddleware<ForgetClaimedCaller>();   // before anything could believe it
app.MapServiceDefaults();
app.MapHealthOverview();
app.MapKillSwitch();
app.MapRoutes();

app.Run();
