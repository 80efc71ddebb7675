using Microsoft.Extensions.Hosting;

namespace Empire.AppHost.Operating;

/// <summary>The servers that tests use, private to one test run and gone after it.</summary>
internal static class TestServers
{
    /// <param name="durable">False skips what only matters in a power cut.</param>
    /// <param name="folder">Takes their data, and <c>servers.env</c> once they answer: what the tests read to find them.</param>
    public static async Task<int> RunAsync(string folder, bool durable)
    {
        var builder = DistributedApplication.CreateBuilder();
        builder.Configuration["LocalOrchestrator:Home"] = folder;
        builder.Configuration["LocalOrchestrator:DashboardPort"] = "off";
        builder.Configuration["LocalOrchestrator:ConsoleLog"] = "Own";

        var password = builder.AddParameter("password", "guest");
        var postgres = builder.AddPostgres("postgres", password: password).WithArgs("-c", "max_connections=500", "-c", "shared_buffers=256MB");
        if (!durable) postgres.WithArgs("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off");
        var redis = builder.AddRedis("redis").WithPassword(null);
        var rabbit = builder.AddRabbitMQ("messaging", password: password);

        // What servers that were killed left behind would be read as the addresses of these.
        var addresses = Path.Combine(folder, "servers.env");
        File.Delete(addresses);

        await using var application = builder.Build();
        await application.StartAsync();
        foreach (var server in new IResource[] { postgres.Resource, redis.Resource, rabbit.Resource })
            await application.ResourceNotifications.WaitForResourceHealthyAsync(server.Name);
        var text = $"""
            export EMPIRE_TEST_POSTGRES='{await ValueAsync(postgres.Resource)};Database=postgres'
            export EMPIRE_TEST_REDIS='{await ValueAsync(redis.Resource)}'
            export EMPIRE_TEST_RABBITMQ='{await ValueAsync(rabbit.Resource)}'

            """;
        var draft = Path.Combine(folder, "servers.env.new");
        await File.WriteAllTextAsync(draft, text);
        File.Move(draft, addresses);
        await application.WaitForShutdownAsync();
        return 0;
    }

    private static async Task<string?> ValueAsync(IResourceWithConnectionString server) => await server.GetConnectionStringAsync();
}
