using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Local;

/// <summary>A project whose built program is known, so that it need not be searched for.</summary>
public interface IBuiltProject : IProjectMetadata
{
    /// <summary>The built assembly, "…/bin/Release/net10.0/Content.dll".</summary>
    string TargetPath { get; }
}

internal sealed record ProjectAt(string ProjectPath) : IProjectMetadata;

/// <summary>Turns a resource into the program to start: its file, its arguments, its environment.</summary>
internal sealed class Launch(HomeFolder home, LogBook logs, IHostEnvironment environment, DistributedApplicationExecutionContext execution)
{
    /// <summary>Marks every process that this orchestrator starts, and all that those start, with the home folder it belongs to.</summary>
    public const string Marker = "LOCAL_ORCHESTRATOR_HOME";

    public async Task<NativeProgram> PrepareAsync(IResource resource, int replica, string instance, CancellationToken ct)
    {
        var arguments = await ArgumentsAsync(resource, ct);
        var program = resource switch
        {
            ProjectResource => Project(resource, arguments),
            ExecutableResource executable => new NativeProgram(executable.Command, arguments) { WorkingDirectory = executable.WorkingDirectory },
            _ when resource.TryGetLastAnnotation<NativeServerAnnotation>(out var server) => await ServerAsync(server, resource, arguments, ct),
            _ => throw new DistributedApplicationException($"'{resource.Name}' is a {resource.GetType().Name}, which cannot be started on this machine."),
        };
        var variables = await EnvironmentAsync(resource, replica, instance, ct);
        foreach (var (name, value) in program.Environment) variables[name] = value;
        variables[Marker] = home.Path;
        return program with { Environment = variables };
    }

    private static async Task<List<string>> ArgumentsAsync(IResource resource, CancellationToken ct)
    {
        var context = new CommandLineArgsCallbackContext([], ct);
        foreach (var callback in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>()) await callback.Callback(context);
        var arguments = new List<string>();
        foreach (var argument in context.Args) arguments.Add(await TextAsync(argument, resource, ct));
        return arguments;
    }

    private async Task<Dictionary<string, string>> EnvironmentAsync(IResource resource, int replica, string instance, CancellationToken ct)
    {
        var context = new EnvironmentCallbackContext(execution, resource, [], ct);
        if (resource is ProjectResource)
        {
            context.EnvironmentVariables["DOTNET_ENVIRONMENT"] = context.EnvironmentVariables["ASPNETCORE_ENVIRONMENT"] = environment.EnvironmentName;
            context.EnvironmentVariables["OTEL_SERVICE_NAME"] = resource.Name;
            context.EnvironmentVariables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instance}";
            var urls = resource.Annotations.OfType<EndpointAnnotation>().Where(e => e is { UriScheme: "http" or "https", PortVariable: null }).Select(e => e.Allocated[replica].UriString);
            if (string.Join(';', urls) is { Length: > 0 } list) context.EnvironmentVariables["ASPNETCORE_URLS"] = list;
        }
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
            if (endpoint.PortVariable is { } variable) context.EnvironmentVariables[variable] = endpoint.Allocated[replica].Port.ToString(CultureInfo.InvariantCulture);
        foreach (var callback in resource.Annotations.OfType<EnvironmentCallbackAnnotation>()) await callback.Callback(context);

        var variables = new Dictionary<string, string>();
        foreach (var (name, value) in context.EnvironmentVariables) variables[name] = await TextAsync(value, resource, ct);
        return variables;
    }

    private static async Task<string> TextAsync(object value, IResource resource, CancellationToken ct) => value switch
    {
        string text => text,
        IValueProvider provider => await provider.GetValueAsync(ct) ?? throw new DistributedApplicationException($"A value that '{resource.Name}' needs is empty: {(provider as IManifestExpressionProvider)?.ValueExpression}."),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new DistributedApplicationException($"'{resource.Name}' was given a {value.GetType().Name} as argument or variable; give a string or an IValueProvider."),
    };

    private static NativeProgram Project(IResource resource, List<string> arguments)
    {
        if (!resource.TryGetLastAnnotation<IProjectMetadata>(out var project)) throw new DistributedApplicationException($"'{resource.Name}' has no project.");
        var folder = Path.GetDirectoryName(project.ProjectPath)!;
        var assembly = (project as IBuiltProject)?.TargetPath ?? BuiltIn(folder, Path.GetFileNameWithoutExtension(project.ProjectPath));
        if (!File.Exists(assembly)) throw new DistributedApplicationException($"'{resource.Name}' is not built: {assembly} is missing.");

        var runtime = Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory()); // …/dotnet/shared/Microsoft.NETCore.App/10.0.x
        var program = Path.ChangeExtension(assembly, null); // the program of that name shows in "ps" what it is
        return File.Exists(program)
            ? new NativeProgram(program, arguments) { WorkingDirectory = folder, Environment = new Dictionary<string, string> { ["DOTNET_ROOT"] = runtime } }
            : new NativeProgram(Path.Combine(runtime, "dotnet"), [assembly, .. arguments]) { WorkingDirectory = folder };
    }

    private static string BuiltIn(string folder, string name)
    {
        var configuration = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";
        return Path.Combine(folder, "bin", configuration, $"net{System.Environment.Version.Major}.0", name + ".dll");
    }

    private Task<NativeProgram> ServerAsync(NativeServerAnnotation server, IResource resource, List<string> arguments, CancellationToken ct)
    {
        var data = home.In("data", resource.Name);
        Directory.CreateDirectory(data);
        return server.PrepareAsync(new NativeServerContext(resource, data, arguments, logs.For(resource.Name).Write), ct);
    }
}
