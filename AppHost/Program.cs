using Empire.AppHost;
using Empire.AppHost.Operating;

if (await Verbs.RunAsync(args) is { } exitCode) return exitCode; // status, cycle …: they look at an application that runs elsewhere

var builder = DistributedApplication.CreateBuilder(args);
var settings = Settings.AddTo(builder);
settings.RequireForProduction(builder.Environment.EnvironmentName);
settings.RequireWebhookSecrets();
settings.KeepKeysFromChildren(builder.Configuration);

// Given by the environment or .env, else generated once and kept in .empire/secrets.json.
var ownerEmail = builder.AddParameter("owner-email", Installation.DefaultEmail);
var ownerPassword = builder.AddParameter("owner-password", new GenerateParameterDefault { MinLength = 20, Special = false }, secret: true, persist: true);
var ownerApiKey = builder.AddParameter("owner-api-key", new RandomText("gopt_", 24), secret: true, persist: true);
var internalKey = builder.AddParameter("internal-key", new RandomKey(32), secret: true, persist: true);
var encryptionKeys = builder.AddParameter("encryption-keys", new RandomKey(32), secret: true, persist: true);
var meadowSecret = builder.AddParameter("meadow-postback-secret", new RandomText("", 40), secret: true, persist: true);
var harborSecret = builder.AddParameter("harbor-postback-secret", new RandomText("", 40), secret: true, persist: true);
var stripeSecret = builder.AddParameter("stripe-webhook-secret", new RandomText("whsec_", 40), secret: true, persist: true);
var flutterwaveHash = builder.AddParameter("flutterwave-secret-hash", new RandomText("", 40), secret: true, persist: true);
var nowPaymentsSecret = builder.AddParameter("nowpayments-ipn-secret", new RandomText("", 40), secret: true, persist: true);

// Servers: a database for each service, a cache, a broker.
var postgres = builder.AddPostgres("postgres").WithArgs("-c", "max_connections=300", "-c", "shared_buffers=256MB").WithDataVolume();
var redis = builder.AddRedis("redis");
var messaging = builder.AddRabbitMQ("messaging").WithDataVolume();

var identityDatabase = postgres.AddDatabase("identity-database", "identity");
var contentDatabase = postgres.AddDatabase("content-database", "content");
var publishingDatabase = postgres.AddDatabase("publishing-database", "publishing");
var analyticsDatabase = postgres.AddDatabase("analytics-database", "analytics");
var acquisitionDatabase = postgres.AddDatabase("acquisition-database", "acquisition");
var paymentsDatabase = postgres.AddDatabase("payments-database", "payments");
var telemetryDatabase = postgres.AddDatabase("telemetry-database", "telemetry");
var autopilotDatabase = postgres.AddDatabase("autopilot-database", "autopilot");

// The outside world on one machine: plays every provider that has no key.
var sandbox = builder.AddProject<Projects.Sandbox>("sandbox")
    .WithHttpEndpoint(name: "http", env: "HTTP_PORT")
    .WithEndpoint(scheme: "smtp", name: "smtp", env: "SANDBOX_SMTP_PORT")
    .WithHttpHealthCheck("/health/ready")
    .WithInstallation(settings)
    .WithEnvironment("Logging__LogLevel__Microsoft.AspNetCore", "Warning") // its own request log is at /control/log
    .WithEnvironment("Sandbox__Networks__meadow__Secret", meadowSecret)
    .WithEnvironment("Sandbox__Networks__harbor__Secret", harborSecret)
    .WithEnvironment("Sandbox__Stripe__WebhookSecret", stripeSecret)
    .WithEnvironment("Sandbox__Flutterwave__SecretHash", flutterwaveHash)
    .WithEnvironment("Sandbox__NowPayments__IpnSecret", nowPaymentsSecret);
var outside = new Outside(settings, sandbox.GetEndpoint("http"), sandbox.GetEndpoint("smtp"));

// Services: each owns its tables, and reaches the others over gRPC.
var identity = builder.AddService<Projects.Identity>("identity", settings, internalKey, encryptionKeys)
    .WithReference(identityDatabase, "identity").WaitFor(identityDatabase)
    .WithReference(redis).WaitFor(redis)
    .WithReference(messaging).WaitFor(messaging)
    .WithEnvironment("Empire__Owner__Email", ownerEmail)
    .WithEnvironment("Empire__Owner__Password", ownerPassword)
    .WithEnvironment("Empire__Owner__ApiKey", ownerApiKey);

var analytics = builder.AddService<Projects.Analytics>("analytics", settings, internalKey, encryptionKeys)
    .WithReference(analyticsDatabase, "analytics").WaitFor(analyticsDatabase)
    .WithReference(redis).WaitFor(redis)
    .WithReference(messaging).WaitFor(messaging)
    .WithProvider(Provider.Meadow, outside)
    .WithProvider(Provider.Harbor, outside)
    .WithEnvironment("Providers__Meadow__PostbackSecret", meadowSecret)
    .WithEnvironment("Providers__Harbor__PostbackSecret", harborSecret);

var content = builder.AddService<Projects.Content>("content", settings, internalKey, encryptionKeys)
    .WithReference(contentDatabase, "content").WaitFor(contentDatabase)
    .WithReference(redis).WaitFor(redis)
    .WithReference(messaging).WaitFor(messaging)
    .WithProvider(Provider.OpenAI, outside)
    .WithProvider(Provider.OpenRouter, outside);

var publishing = builder.AddService<Projects.Publishing>("publishing", settings, internalKey, encryptionKeys)
    .WithReference(publishingDatabase, "publishing").WaitFor(publishingDatabase)
    .WithReference(redis).WaitFor(redis)
    .WithReference(messaging).WaitFor(messaging)
    .WithReference(content).WaitForStart(content)
    .WithReference(analytics).WaitForStart(analytics)
    .WithProvider(Provider.X, outside)
    .WithStores(outside)
    .WithEnvironment("Blog__PublicUrl", settings.PublicUrl);

var autopilot = builder.AddService<Projects.Autopilot>("autopilot", settings, internalKey, encryptionKeys)
    .WithReference(autopilotDatabase, "autopilot").WaitFor(autopilotDatabase)
    .WithReference(redis).WaitFor(redis)
    .WithReference(messaging).WaitFor(messaging)
    .WithReference(identity)
    .WithReference(content).WaitForStart(content)
    .WithReference(publishing).WaitForStart(publishing)
    .WithReference(analytics).WaitForStart(analytics)
    .WithProvider(Provider.Meadow, outside)
    .WithProvider(Provider.Harbor, outside);

var acquisition = builder.AddService<Projects.Acquisition>("acquisition", settings, internalKey, encryptionKeys)
    .WithReference(acquisitionDatabase, "acquisition").WaitFor(acquisitionDatabase)
    .WithReference(messaging).WaitFor(messaging)
    .WithReference(analytics).WaitForStart(analytics)
    .WithMail(outside);

var payments = builder.AddService<Projects.Payments>("payments", settings, internalKey, encryptionKeys)
    .WithReference(paymentsDatabase, "payments").WaitFor(paymentsDatabase)
    .WithReference(redis).WaitFor(redis)
    .WithReference(messaging).WaitFor(messaging)
    .WithReference(identity)
    .WithProvider(Provider.Stripe, outside)
    .WithProvider(Provider.Flutterwave, outside)
    .WithProvider(Provider.NowPayments, outside)
    .WithEnvironment("Providers__Stripe__WebhookSecret", stripeSecret)
    .WithEnvironment("Providers__Flutterwave__SecretHash", flutterwaveHash)
    .WithEnvironment("Providers__NowPayments__IpnSecret", nowPaymentsSecret)
    .WithEnvironment("Empire__PublicUrl", settings.PublicUrl);

var telemetry = builder.AddService<Projects.Telemetry>("telemetry", settings, internalKey, encryptionKeys)
    .WithReference(telemetryDatabase, "telemetry").WaitFor(telemetryDatabase)
    .WithReference(redis).WaitFor(redis)
    .WithReference(messaging).WaitFor(messaging);

// The only public door. Agents stream to it by gRPC, everyone else comes by HTTP.
var gateway = builder.AddProject<Projects.Gateway>("gateway")
    .WithHttpEndpoint(port: settings.Port, name: "http", env: "HTTP_PORT").WithExternalHttpEndpoints()
    .WithHttpEndpoint(name: "grpc", env: "GRPC_PORT")
    .WithHttpHealthCheck("/health/ready")
    .WithInstallation(settings)
    .WithEnvironment("Empire__InternalKey", internalKey)
    .WithEnvironment("Empire__Providers", Provider.Describe(settings)) // /health says who is emulated
    .WithReference(redis).WaitFor(redis)
    .WithReference(identity).WaitFor(identity)
    .WithReference(content)
    .WithReference(publishing)
    .WithReference(analytics)
    .WithReference(acquisition)
    .WithReference(payments)
    .WithReference(telemetry)
    .WithReference(autopilot);

var door = gateway.GetEndpoint("http");
sandbox.WithEnvironment("Sandbox__PostbackTarget", $"{door}/api/conversions/{{network}}")
    .WithEnvironment("Sandbox__Stripe__WebhookTarget", $"{door}/api/v1/revenue/webhooks/stripe")
    .WithEnvironment("Sandbox__Flutterwave__WebhookTarget", $"{door}/payment/flutterwave/webhook")
    .WithEnvironment("Sandbox__NowPayments__WebhookTarget", $"{door}/payment/nowpayments/webhook");

await builder.Build().RunAsync();
return Environment.ExitCode;
