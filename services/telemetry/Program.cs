using Empire;
using Empire.Contracts;
using Empire.Telemetry.Fleet;
using Empire.Telemetry.Ingest;
using Empire.Telemetry.Lineage;
using Empire.Telemetry.RemoteWrite;
using Empire.Telemetry.Settling;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("telemetry");
builder.AddDatabase("telemetry");
builder.AddMessaging(typeof(Program).Assembly, Subscriptions.All);
builder.AddSealer();
builder.AddIngest();                              // the log of batches, and the price book they are priced by
builder.AddSettling();                            // sums, costs of jobs, events, chunks, retention
builder.AddLineage();                             // what GPUs cost for each piece of content
builder.AddRemoteWrite();                         // the same samples to an external cluster, where one is set
builder.AddFleet();                               // what people ask, what the grids emit, what was saved
builder.Services.AddGrpcServices();

var app = builder.Build();
app.MapServiceDefaults();
app.MapMessaging();
app.MapIngest();                                  // the stream of agents, and POST /api/track-usage
app.MapFleet();                                   // what people ask: now, history, fleet, jobs, recommendations
app.Run();
