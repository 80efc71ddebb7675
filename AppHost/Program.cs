using Empire.AppHost;
using Empire.AppHost.Operating;

if (await Verbs.RunAsync(args) is { } exitCode) return exitCode; // status, cycle …: they look at an application that runs elsewhere

var builder = DistributedApplication.CreateBuilder(args);
var settings = Settings.AddTo(builder);
settings.RefuseOffWhereRequired();
settings.RequireForProduction(builder.Environment.EnvironmentName);
settings.RequireWebhookSecrets();
settings.KeepKeysFromChildren(builder.Configuration);
var secrets = Secrets.AddTo(builder);

// Servers: in PostgreSQL a database for each service; a cache; a broker.
var postgres = builder.AddPostgres("postgres").WithArgs("-c", "max_connections=300", "-c", "shared_buffers=256MB").WithDataVolume();
var redis = builder.AddRedis("redis");
var messaging = builder.AddRabbitMQ("messaging").WithDataVolume();

// The outside world on one machine: plays every provider that has no key and is not off.
var sandbox = builder.AddProject<Projects.Sandbox>("sandbox")
    .WithHttpEndpoint(name: "http", env: "HTTP_PORT")
    .WithEndpoint(scheme: "smtp", name: "smtp", env: "SANDBOX_SMTP_PORT")
    .WithHttpHealthCheck("/health/ready")
    .WithInstallation(settings)
    .WithEnvironment("Logging__LogLevel__Microsoft.AspNetCore", "Warning") // its own request log is at /control/log
    .SignsWith(secrets);
var outside = new Outside(settings, sandbox.GetEndpoint("http"), sandbox.GetEndpoint("smtp"));

// Services: each owns its tables, and reaches the others over gRPC.
var identity = builder.AddService<Projects.Identity>("identity", settings, secrets)
    .WithDatabase(postgres)
    .WithReference(redis).WaitFor(redis)
    .WithReference(messaging).WaitFor(messaging)
    .WithOwner(secrets);

var analytics = builder.AddService<Projects.Analytics>("analytics", settings, secrets)
    .WithDatabase(postgres)
    .WithReference(redis).WaitFor(redis)
    .WithReference(messaging).WaitFor(messaging)
    .WithProvider(Provider.Meadow, outside)
    .WithProvider(Provider.Harbor, outside)
    .WithPostbackSecrets(secrets);

var content = builder.AddService<Projects.Content>("content", settings, secrets)
    .WithDatabase(postgres)
    .WithReference(redis).WaitFor(redis)
    .WithReference(messaging).WaitFor(messaging)
    .WithReference(identity).WaitFor(identity)
    .WithProvider(Provider.OpenAI, outside)
    .WithProvider(Provider.OpenRouter, outside);

var publishing = builder.AddService<Projects.Publishing>("publishing", settings, secrets)
    .WithDatabase(postgres)
    .WithReference(redis).WaitFor(redis)
    .WithReference(messaging).WaitFor(messaging)
    .WithReference(content).WaitForStart(content)
    .WithReference(identity).WaitFor(identity)
    .WithReference(analytics).WaitForStart(analytics)
    .WithProvider(Provider.X, outside)
    .WithStores(outside)
    .WithPictures(settings)
    .WithEnvironment("Blog__PublicUrl", settings.PublicUrl);

var autopilot = builder.AddService<Projects.Autopilot>("autopilot", settings, secrets)
    .WithDatabase(postgres)
    .WithReference(redis).WaitFor(redis)
    .WithReference(messaging).WaitFor(messaging)
    .WithReference(identity).WaitFor(identity)
    .WithReference(content).WaitForStart(content)
    .WithReference(publishing).WaitForStart(publishing)
    .WithReference(analytics).WaitForStart(analytics)
    .WithProvider(Provider.Meadow, outside)
    .WithProvider(Provider.Harbor, outside);

var acquisition = builder.AddService<Projects.Acquisition>("acquisition", settings, secrets)
    .WithDatabase(postgres)
    .WithReference(messaging).WaitFor(messaging)
    .WithReference(identity)
    .WithReference(analytics).WaitForStart(analytics)
    .WithMail(outside);

var payments = builder.AddService<Projects.Payments>("payments", settings, secrets)
    .WithDatabase(postgres)
    .WithReference(redis).WaitFor(redis)
    .WithReference(messaging).WaitFor(messaging)
    .WithReference(identity)
    .WithProvider(Provider.Stripe, outside)
    .WithProvider(Provider.Flutterwave, outside)
    .WithProvider(Provider.NowPayments, outside)
    .WithWebhookSecrets(secrets)
    .WithEnvironment("Empire__PublicUrl", settings.PublicUrl);

var telemetry = builder.AddService<Projects.Telemetry>("telemetry", settings, secrets)
    .WithDatabase(postgres)
    .WithReference(redis).WaitFor(redis)
    .WithReference(messaging).WaitFor(messaging);

// The only public door. Agents stream to it by gRPC, everyone else comes by HTTP.
Directory.CreateDirectory(settings.Downloads); // filled while the gateway runs
var gateway = builder.AddProject<Projects.Gateway>("gateway")
    .WithHttpEndpoint(port: settings.Port, name: "http", env: "HTTP_PORT").WithExternalHttpEndpoints()
    .WithHttpEndpoint(name: "grpc", env: "GRPC_PORT")
    .WithHttpHealthCheck("/health/ready")
    .WithInstallation(settings)
    .WithEnvironment("Empire__InternalKey", secrets.InternalKey)
    .WithEnvironment("Empire__Providers", Provider.Describe(settings)) // /health says who is emulated, and who is off
    .WithEnvironment("Gateway__DownloadsFolder", settings.Downloads)
    .WithReference(redis).WaitFor(redis)
    .WithReference(identity).WaitFor(identity)
    .WithReference(content)
    .WithReference(publishing)
    .WithReference(analytics)
    .WithReference(acquisition)
    .WithReference(payments)
    .WithReference(telemetry)
    .WithReference(autopilot);

sandbox.Reports(gateway.GetEndpoint("http"));

await builder.Build().RunAsync();
return Environment.ExitCode;
