using Empire.Sandbox;
using Empire.Sandbox.Composer;
using Empire.Sandbox.Faults;
using Empire.Sandbox.Flutterwave;
using Empire.Sandbox.Mail;
using Empire.Sandbox.Networks;
using Empire.Sandbox.NowPayments;
using Empire.Sandbox.OpenAi;
using Empire.Sandbox.Stores;
using Empire.Sandbox.Stripe;
using Empire.Sandbox.Webhooks;
using Empire.Sandbox.X;

var builder = WebApplication.CreateBuilder(args);
if (builder.Configuration["HTTP_PORT"] is { Length: > 0 } port) builder.WebHost.UseUrls($"http://127.0.0.1:{port}");

builder.AddSandbox();                 // settings, journal, clock, JSON
builder.Services.AddFaults();         // what goes wrong on demand, and the log of what was asked
builder.Services.AddComposer();       // the offline author behind the chat endpoints
builder.Services.AddOpenAi();
builder.Services.AddNetworks();       // affiliate networks: feeds, shops, conversions, postbacks
builder.Services.AddX();
builder.Services.AddStripe();         // payment providers: what they know, and what they tell
builder.Services.AddFlutterwave();
builder.Services.AddNowPayments();
builder.Services.AddWebhooks();
builder.Services.AddMail();            // an SMTP server that keeps what it is given, and the inbox

var app = builder.Build();
app.UseFaults();
app.MapHealth();
app.MapControl();
app.MapOpenAi();
app.MapNetworks();
app.MapX();
app.MapShopify();                     // stores that someone runs elsewhere
app.MapGumroad();
app.MapStripe();
app.MapFlutterwave();
app.MapNowPayments();
app.MapMail();
app.Run();

/// <summary>Public so that a test can start the whole program.</summary>
public partial class Program;
