namespace Empire.AppHost;

internal static class ServiceExtensions
{
    /// <summary>A service of Empire: HTTP through the gateway, gRPC for its peers, ready when <c>/health/ready</c> says so.</summary>
    public static IResourceBuilder<ProjectResource> AddService<TProject>(this IDistributedApplicationBuilder builder, string name, Settings settings, Secrets secrets) where TProject : IProjectMetadata, new() =>
        builder.AddProject<TProject>(name)
            .WithHttpEndpoint(name: "http", env: "HTTP_PORT")
            .WithHttpEndpoint(name: "grpc", env: "GRPC_PORT")
            .WithHttpHealthCheck("/health/ready", endpointName: "http")
            .WithInstallation(settings)
            .WithEnvironment("Empire__InternalKey", secrets.InternalKey)
            .WithEnvironment("Empire__EncryptionKeys", secrets.EncryptionKeys);

    /// <summary>A database of its own, under the service's name.</summary>
    public static IResourceBuilder<ProjectResource> WithDatabase(this IResourceBuilder<ProjectResource> service, IResourceBuilder<PostgresServerResource> postgres)
    {
        var name = service.Resource.Name;
        var database = postgres.AddDatabase($"{name}-database", name);
        return service.WithReference(database, name).WaitFor(database);
    }

    /// <summary>What every process of this installation is told: its settings, and to share one small machine with the others.</summary>
    public static IResourceBuilder<ProjectResource> WithInstallation(this IResourceBuilder<ProjectResource> project, Settings settings) => project.WithEnvironment(context =>
    {
        var keys = Provider.KeyVariables.ToHashSet();
        foreach (var (name, value) in settings.DotEnv)
            if (!keys.Contains(name)) context.EnvironmentVariables.TryAdd(name, value);
        context.EnvironmentVariables["EMPIRE_HOME"] = settings.Home;
        context.EnvironmentVariables["DOTNET_gcServer"] = "0";
        context.EnvironmentVariables["DOTNET_gcConcurrent"] = "0";        // no second collector thread and heap bookkeeping per process
        context.EnvironmentVariables["DOTNET_GCConserveMemory"] = "5";    // compact before the heap is half holes
        context.EnvironmentVariables["DOTNET_TieredPGO"] = "0";           // instrumentation costs start-up time on two cores
    });
}
