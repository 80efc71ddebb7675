using Empire;
using Empire.Contracts;
using Empire.Identity;
using Empire.Identity.Access;
using Empire.Identity.Administrators;
using Empire.Identity.Admission;
using Empire.Identity.Invites;
using Empire.Identity.Keys;
using Empire.Identity.Members;
using Empire.Identity.Owner;
using Empire.Identity.People;
using Empire.Identity.Revocation;
using Empire.Identity.SecondFactor;
using Empire.Identity.Security;
using Empire.Identity.Sessions;
using Empire.Identity.Tenants;
using Empire.Identity.Usage;
using Empire.Identity.Vault;
using Empire.Tiers;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("identity");
builder.AddDatabase("identity");
builder.AddMessaging(typeof(Program).Assembly, Subscriptions.All);
builder.Services.AddValidation();
builder.Services.AddGrpc();
builder.AddSealer();
builder.AddTiers();
builder.AddPeople();
builder.AddSecondFactor();
builder.AddSessions();
builder.Services.AddOwner();
builder.AddAdmission();
builder.Services.AddSingleton<Revocations>();
builder.Services.AddSingleton<KeyCheck>();
builder.Services.AddUsage();
builder.AddVault();

var app = builder.Build();

app.MapServiceDefaults();
app.MapMessaging();
app.MapGrpcService<IdentityGrpc>();
app.MapPeople();
app.MapSecondFactor();
app.MapSessions();
app.MapMembers();
app.MapAdministrators();
app.MapKeys();
app.MapTenants();
app.MapInvites();
app.MapAdmission();
app.MapAccessControls();
app.MapUsage();
app.MapVault();
app.MapSecurityEvents();

app.Run();
