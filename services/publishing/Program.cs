using Empire;
using Empire.Contracts;
using Empire.Publishing.Blog;
using Empire.Publishing.Media;
using Empire.Publishing.Publications;
using Empire.Publishing.Social;
using Empire.Publishing.X;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("publishing");
builder.AddDatabase("publishing");
builder.AddMessaging(typeof(Program).Assembly, Subscriptions.All);
builder.AddSealer();
builder.AddEffects();
builder.AddX();
builder.AddMedia();
builder.AddBlog();
builder.AddPublications();
builder.Services.AddValidation();
builder.Services.AddGrpc();

var app = builder.Build();
app.MapServiceDefaults();
app.MapEffects();
app.MapGrpcService<PublicationsGrpc>();
app.MapPublications();
app.MapSocial();
app.MapBlog();
app.Run();
