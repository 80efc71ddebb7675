using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

public static class RedisBuilderExtensions
{
    public static IResourceBuilder<RedisResource> AddRedis(this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port) => builder.AddRedis(name, port, null);

    /// <param name="port">Null means a free one.</param>
    /// <param name="password">Null generates one and keeps it.</param>
    public static IResourceBuilder<RedisResource> AddRedis(this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port = null, IResourceBuilder<ParameterResource>? password = null)
    {
        // The password stands in a connection string whose parts are separated by commas, hence no special characters.
        var secret = password?.Resource ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password", special: false);
        var server = new RedisResource(name, secret);
        var redis = builder.AddResource(server).WithEndpoint(port: port, name: RedisResource.PrimaryEndpointName);
        if (builder.Configuration.GetConnectionString(name) is { Length: > 0 })
            return redis.WithAnnotation(new ConnectionStringRedirectAnnotation(new ConnectionStringResource(name,
                ReferenceExpression.Create($"{new ParameterResource(name, _ => builder.Configuration.GetConnectionString(name)!, secret: true)}"))));
        return redis.WithAnnotation(new NativeServerAnnotation
        {
            PrepareAsync = (context, ct) => NativeRedis.PrepareAsync(server, context, ct),
            ProbeAsync = ct => NativeRedis.ProbeAsync(server, ct),
        });
    }

    /// <param name="password">Null lets everybody in who reaches the port.</param>
    public static IResourceBuilder<RedisResource> WithPassword(this IResourceBuilder<RedisResource> builder, IResourceBuilder<ParameterResource>? password)
    {
        builder.Resource.PasswordParameter = password?.Resource;
        return builder;
    }

    /// <summary>Keeps the data over a restart, by a snapshot every <paramref name="interval"/> in which at least so many keys changed.</summary>
    public static IResourceBuilder<RedisResource> WithPersistence(this IResourceBuilder<RedisResource> builder, TimeSpan? interval = null, long keysChangedThreshold = 1) =>
        builder.WithAnnotation(new RedisPersistenceAnnotation(interval, keysChangedThreshold), ResourceAnnotationMutationBehavior.Replace);

    public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) => builder.WithPersistence();

    public static IResourceBuilder<RedisResource> WithHostPort(this IResourceBuilder<RedisResource> builder, int? port) =>
        builder.WithEndpoint(RedisResource.PrimaryEndpointName, endpoint => endpoint.Port = port);
}

/// <summary>Redis as a program of this machine.</summary>
internal static class NativeRedis
{
    public static async Task<NativeProgram> PrepareAsync(RedisResource server, NativeServerContext context, CancellationToken ct)
    {
        var program = NativeProgram.Find("redis-server", "redis-server", "/usr/bin/redis-server");
        var lines = new List<string> { $"port {server.PrimaryEndpoint.Port}", "bind 127.0.0.1", $"dir {Quoted(context.DataDirectory)}", "daemonize no" };
        lines.Add(server.TryGetLastAnnotation<RedisPersistenceAnnotation>(out var persistence)
            ? $"save {(int)(persistence.Interval ?? TimeSpan.FromSeconds(60)).TotalSeconds} {persistence.KeysChanged}" : "save \"\"");
        if (server.PasswordParameter is { } password) lines.Add($"requirepass {Quoted((await password.GetValueAsync(ct))!)}");

        var file = Path.Combine(context.DataDirectory, "redis.conf"); // not the command line, which every user of the machine can read
        File.Delete(file);
        await using (var conf = new StreamWriter(new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite })))
            foreach (var line in lines) await conf.WriteLineAsync(line);
        return new NativeProgram(program, [file, .. context.Arguments]) { WorkingDirectory = context.DataDirectory };
    }

    public static async Task<string?> ProbeAsync(RedisResource server, CancellationToken ct)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.PrimaryEndpoint.Host, server.PrimaryEndpoint.Port, ct);
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        if (server.PasswordParameter is { } password && await AskAsync("AUTH", (await password.GetValueAsync(ct))!) is { } refused) return refused;
        return await AskAsync("PING");

        async Task<string?> AskAsync(params string[] command)
        {
            var request = new StringBuilder($"*{command.Length}\r\n");
            foreach (var part in command) request.Append($"${Encoding.UTF8.GetByteCount(part)}\r\n{part}\r\n");
            await stream.WriteAsync(Encoding.UTF8.GetBytes(request.ToString()), ct);
            var answer = await reader.ReadLineAsync(ct);
            return answer is "+OK" or "+PONG" ? null : answer ?? "the connection was closed";
        }
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
}
