// An AppHost to be run, and killed, as a process of its own: "front" waits for "back", which waits for a server.
using Aspire.Hosting;

var builder = DistributedApplication.CreateBuilder(args);
var cache = builder.AddRedis("cache");
var back = builder.AddProject<Projects.Worker>("back")
    .WithHttpEndpoint(name: "http", env: "HTTP_PORT").WithHttpHealthCheck("/health/ready")
    .WithReference(cache).WaitFor(cache)
    .WithEnvironment("WORKER_CHILD", "yes");
builder.AddProject<Projects.Worker>("front")
    .WithHttpEndpoint(name: "http", env: "HTTP_PORT").WithHttpHealthCheck("/health/ready")
    .WithReference(back).WaitFor(back);
await builder.Build().RunAsync();
return Environment.ExitCode;
