// A service as small as can be, whose health, end and environment a test commands.
//   HTTP_PORT       where it listens (or ASPNETCORE_URLS)
//   WORKER_READY    a file; it is healthy once that exists (always, when not set)
//   WORKER_JOURNAL  a file to which it appends "started NAME" and "stopped NAME"
//   WORKER_STUBBORN ignores SIGTERM
//   WORKER_CHILD    starts a process of its own
using System.Diagnostics;
using System.Runtime.InteropServices;

var name = Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME") ?? "worker";
var ready = Environment.GetEnvironmentVariable("WORKER_READY");
var journal = Environment.GetEnvironmentVariable("WORKER_JOURNAL");

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
if (Environment.GetEnvironmentVariable("HTTP_PORT") is { } port) builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
var app = builder.Build();
using var stubborn = Environment.GetEnvironmentVariable("WORKER_STUBBORN") is null ? null : PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true);
if (stubborn is not null) app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => new ManualResetEvent(false).WaitOne()); // in earnest
if (Environment.GetEnvironmentVariable("WORKER_CHILD") is not null) Process.Start("sleep", "600");

app.MapGet("/health/ready", () => ready is null || File.Exists(ready) ? Results.Text("Healthy") : Results.Text("Unhealthy", statusCode: 503));
app.MapGet("/environment", () => Environment.GetEnvironmentVariables());
app.MapGet("/arguments", () => args);
app.MapPost("/say", async (HttpRequest request) => Console.WriteLine(await new StreamReader(request.Body).ReadToEndAsync()));
app.MapPost("/crash", () => Environment.Exit(3));
app.Lifetime.ApplicationStarted.Register(() => Note("started"));
app.Lifetime.ApplicationStopped.Register(() => Note("stopped"));
Console.WriteLine($"{name} is here");
app.Run();

void Note(string what)
{
    if (journal is not null) File.AppendAllText(journal, $"{what} {name}\n");
}
