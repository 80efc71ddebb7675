using Empire;
using Empire.Contracts;
using Empire.Identity;
using Empire.Identity.Admission;
using Empire.Identity.Invites;
using Empire.Identity.Keys;
using Empire.Identity.Owner;
using Empire.Identity.Tenants;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("identity");
builder.AddDatabase("identity");
builder.AddMessaging(typeof(Program).Assembly, Subscriptions.All);
builder.AddSealer();
builder.Services.AddValidation();
builder.Services.AddGrpc();
builder.Services.AddOwner();
builder.AddAdmission();

var app = builder.Build();

app.MapServiceDefaults();
app.MapMessaging();
app.MapGrpcService<IdentityGrpc>();
app.MapKeys();
app.MapTenants();
app.MapInvites();
app.MapAdmission();

app.Run();
