using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that is known only when a process starts.</summary>
public interface IValueProvider
{
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

public interface IManifestExpressionProvider
{
    string ValueExpression { get; }
}

public interface IValueWithReferences
{
    IEnumerable<object> References { get; }
}

/// <summary>Text with values that are known only when a process starts: <c>ReferenceExpression.Create($"Host={endpoint.Property(…)};Password={password}")</c>.</summary>
public sealed class ReferenceExpression : IManifestExpressionProvider, IValueProvider, IValueWithReferences
{
    private readonly string[] _expressions;
    private readonly string?[] _formats;

    private ReferenceExpression(string format, IValueProvider[] providers, string[] expressions, string?[] formats) =>
        (Format, ValueProviders, _expressions, _formats) = (format, providers, expressions, formats);

    /// <summary>A composite format string with one hole for each of <see cref="ValueProviders"/>.</summary>
    public string Format { get; }
    public IReadOnlyList<IValueProvider> ValueProviders { get; }
    public IReadOnlyList<string> ManifestExpressions => _expressions;
    public string ValueExpression => string.Format(null, Format, [.. _expressions]);
    IEnumerable<object> IValueWithReferences.References => ValueProviders;

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.Build();

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var values = new object?[ValueProviders.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var value = await ValueProviders[i].GetValueAsync(cancellationToken);
            values[i] = _formats[i] == "uri" && value is not null ? Uri.EscapeDataString(value) : value;
        }
        return string.Format(null, Format, values);
    }

    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _format = new(literalLength);
        private readonly List<IValueProvider> _providers = new(formattedCount);
        private readonly List<string> _expressions = new(formattedCount);
        private readonly List<string?> _formats = new(formattedCount);

        public readonly void AppendLiteral(string value) => _format.Append(value.Replace("{", "{{").Replace("}", "}}"));

        public readonly void AppendFormatted(string? value) => AppendLiteral(value ?? "");

        public readonly void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider, format: null);

        /// <param name="format">"uri" escapes the value for use in a URI; null takes it as it is.</param>
        public readonly void AppendFormatted<T>(T valueProvider, string? format) where T : IValueProvider, IManifestExpressionProvider
        {
            if (format is not (null or "uri")) throw new FormatException($"Unknown format '{format}' of {valueProvider.ValueExpression}: only 'uri' is known.");
            _format.Append('{').Append(_providers.Count).Append('}');
            _providers.Add(valueProvider);
            _expressions.Add(valueProvider.ValueExpression);
            _formats.Add(format);
        }

        public readonly void AppendFormatted<T>(IResourceBuilder<T> builder) where T : IResource, IValueProvider, IManifestExpressionProvider => AppendFormatted(builder.Resource, format: null);

        internal readonly ReferenceExpression Build() => new(_format.ToString(), [.. _providers], [.. _expressions], [.. _formats]);
    }
}
