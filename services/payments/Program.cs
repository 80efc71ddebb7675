using Empire;
using Empire.Contracts;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("payments");
builder.AddDatabase("payments");
builder.AddMessaging(typeof(Program).Assembly, Subscriptions.All);
builder.AddEffects();
builder.AddSealer();

var app = builder.Build();
app.MapServiceDefaults();
app.MapMessaging();
app.MapEffects();
app.Run();
