using Npgsql;

namespace Empire.Bench.Webhooks;

/// <summary>The floor: Kestrel with one route that puts the body into a table and answers 200, in a process of its own. It checks nothing and has nothing to do afterwards.</summary>
internal static class BareWebhooks
{
    public const string Verb = "serve-bare-webhooks";
    public const string Table = "create table bare_webhooks (id uuid primary key, body text not null)";

    public static async Task<int> RunAsync(int port, string database)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        await using var source = NpgsqlDataSource.Create(database);
        var bare = builder.Build();
        bare.MapGet("/ready", () => "ready");
        bare.MapPost("/webhooks", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            await using var insert = source.CreateCommand("insert into bare_webhooks (id, body) values ($1, $2)"); // commits by itself: one round trip
            insert.Parameters.Add(new() { Value = Guid.CreateVersion7() });
            insert.Parameters.Add(new() { Value = body });
            await insert.ExecuteNonQueryAsync(context.RequestAborted);
            await context.Response.WriteAsync("{\"received\":true}");
        });
        await bare.RunAsync();
        return 0;
    }
}
