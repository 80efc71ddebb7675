using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

public static class RabbitMQBuilderExtensions
{
    /// <param name="userName">Null means "guest".</param>
    /// <param name="password">Null generates one and keeps it.</param>
    /// <param name="port">Null means a free one.</param>
    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(this IDistributedApplicationBuilder builder, [ResourceName] string name,
        IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null)
    {
        // The password stands in a URI, hence no special characters.
        var secret = password?.Resource ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password", special: false);
        var server = new RabbitMQServerResource(name, userName?.Resource, secret);
        var rabbit = builder.AddResource(server).WithEndpoint(port: port, name: RabbitMQServerResource.PrimaryEndpointName);
        if (builder.Configuration.GetConnectionString(name) is { Length: > 0 })
            return rabbit.WithAnnotation(new ConnectionStringRedirectAnnotation(new ConnectionStringResource(name,
                ReferenceExpression.Create($"{new ParameterResource(name, _ => builder.Configuration.GetConnectionString(name)!, secret: true)}"))));
        return rabbit
            .WithEndpoint(name: RabbitMQServerResource.DistributionEndpointName)
            .WithEndpoint(name: RabbitMQServerResource.MapperEndpointName)
            .WithAnnotation(new NativeServerAnnotation
            {
                PrepareAsync = (context, ct) => NativeRabbitMQ.PrepareAsync(server, context, ct),
                ProbeAsync = ct => NativeRabbitMQ.ProbeAsync(server, ct),
            });
    }

    /// <summary>Here the data always outlives a run: it lies in the orchestrator's home.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithDataVolume(this IResourceBuilder<RabbitMQServerResource> builder, string? name = null, bool isReadOnly = false) => builder;
}

/// <summary>RabbitMQ as a program of this machine: a node of its own, with its own port mapper, that knows no other.</summary>
internal static class NativeRabbitMQ
{
    public static async Task<NativeProgram> PrepareAsync(RabbitMQServerResource server, NativeServerContext context, CancellationToken ct)
    {
        var program = NativeProgram.Find("rabbitmq-server", "rabbitmq-server", "/usr/lib/rabbitmq/bin/rabbitmq-server", "/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server");
        var folder = context.DataDirectory;
        var mapper = server.GetEndpoint(RabbitMQServerResource.MapperEndpointName);
        // The password is that of the first start, when the node makes its user; a node that has one keeps it.
        await WritePrivateAsync(Path.Combine(folder, "rabbitmq.conf"),
            $"""
            listeners.tcp.1 = 127.0.0.1:{server.PrimaryEndpoint.Port}
            default_user = {await server.UserNameReference.GetValueAsync(ct)}
            default_pass = {await server.PasswordParameter.GetValueAsync(ct)}
            log.console = true
            log.console.level = warning
            log.file = false
            vm_memory_high_watermark.absolute = 1GB
            disk_free_limit.absolute = 100MB

            """, ct);
        await File.WriteAllTextAsync(Path.Combine(folder, "enabled_plugins"), "[].\n", ct);

        // The shell starts the port mapper in the node's own session, so that it ends with the node, and becomes the node itself.
        // Without a mapper the node would start one that outlives it.
        return new NativeProgram("/bin/sh", ["-c", "epmd -address 127.0.0.1 & exec \"$0\" \"$@\"", program, .. context.Arguments])
        {
            WorkingDirectory = folder,
            Environment = new Dictionary<string, string>
            {
                ["HOME"] = folder, // the Erlang cookie
                ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
                ["ERL_EPMD_PORT"] = mapper.Port.ToString(CultureInfo.InvariantCulture),
                ["RABBITMQ_NODENAME"] = $"{server.Name}@localhost",
                ["RABBITMQ_DIST_PORT"] = server.GetEndpoint(RabbitMQServerResource.DistributionEndpointName).Port.ToString(CultureInfo.InvariantCulture),
                ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq.conf"),
                ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(folder, "advanced.config"),
                ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(folder, "rabbitmq-env.conf"), // there is none: the machine's own would mix in
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins"),
                ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia"),
                ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
                ["RABBITMQ_GENERATED_CONFIG_DIR"] = Path.Combine(folder, "generated"),
                ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+S 2:2 -kernel inet_dist_use_interface {127,0,0,1}",
                ["RUNNING_UNDER_SYSTEMD"] = "true", // the start script then becomes the node, instead of waiting for it
            },
        };
    }

    public static async Task<string?> ProbeAsync(RabbitMQServerResource server, CancellationToken ct) => await AmqpHandshake.TryAsync(server.PrimaryEndpoint.Host,
        server.PrimaryEndpoint.Port, (await server.UserNameReference.GetValueAsync(ct))!, (await server.PasswordParameter.GetValueAsync(ct))!, ct);

    private static async Task WritePrivateAsync(string file, string text, CancellationToken ct)
    {
        File.Delete(file);
        await using var writer = new StreamWriter(new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }));
        await writer.WriteAsync(text.AsMemory(), ct);
    }
}
