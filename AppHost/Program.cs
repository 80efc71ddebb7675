using Empire.AppHost;
using Empire.AppHost.Operating;

if (await Verbs.RunAsync(args) is { } exitCode) return exitCode; // status, cycle …: they look at an application that runs elsewhere

var builder = DistributedApplication.CreateBuilder(args);
var settings = Settings.AddTo(builder);
settings.KeepKeysFromChildren(builder.Configuration);

// Generated once, kept in .empire/secrets.json.
var owner = new Owner(
    builder.AddParameter("owner-email", Owner.DefaultEmail),
    builder.AddParameter("owner-password", new GenerateParameterDefault { MinLength = 20, Special = false }, secret: true, persist: true),
    builder.AddParameter("owner-api-key", new RandomText("gopt_", 24), secret: true, persist: true));
var internalKey = builder.AddParameter("internal-key", new RandomKey(32), secret: true, persist: true);

// Servers: one database for each service, one cache, one broker.
var postgres = builder.AddPostgres("postgres").WithArgs("-c", "max_connections=300", "-c", "shared_buffers=256MB").WithDataVolume();
var redis = builder.AddRedis("redis");
var messaging = builder.AddRabbitMQ("messaging").WithDataVolume();

// The outside world on one machine, for every provider without a key.
builder.AddProject<Projects.Sandbox>("sandbox")
    .WithHttpEndpoint(name: "http", env: "HTTP_PORT")
    .WithHttpHealthCheck("/health/ready")
    .WithInstallation(settings);

await builder.Build().RunAsync();
return Environment.ExitCode;
