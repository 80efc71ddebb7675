using Empire;
using Empire.Publishing.Blog;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("publishing");
builder.AddDatabase("publishing");
builder.AddMessaging(typeof(Program).Assembly);
builder.AddBlog();
builder.Services.AddValidation();

var app = builder.Build();
app.MapServiceDefaults();
app.MapBlog();
app.Run();
