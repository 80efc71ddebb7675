using System.Text.Json;

namespace Aspire.Hosting.Publishing;

/// <summary>Only what a <see cref="ApplicationModel.ParameterDefault"/> needs to compile; manifests are not written here.</summary>
public sealed class ManifestPublishingContext(DistributedApplicationExecutionContext executionContext, string manifestPath, Utf8JsonWriter writer, CancellationToken cancellationToken = default)
{
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;
    public string ManifestPath { get; } = manifestPath;
    public Utf8JsonWriter Writer { get; } = writer;
    public CancellationToken CancellationToken { get; } = cancellationToken;
}
