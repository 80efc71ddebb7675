using Empire;
using Empire.Tests.Effects;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("shop");
builder.AddDatabase("shop");
builder.AddEffects();
builder.Services.AddEffect<SendLetter, Letter>("test.letter");
builder.Services.AddHttpClient<PostOfficeClient>(http => http.BaseAddress = new(builder.Configuration["PostOffice"] ?? "http://127.0.0.1:1"));

var app = builder.Build();
app.MapServiceDefaults();
app.MapEffects();
app.Run();
