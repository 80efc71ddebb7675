using System.Security.Cryptography;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value given by configuration as <c>Parameters:{name}</c>, or by its default.</summary>
public class ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
    : Resource(name), IResourceWithoutLifetime, IManifestExpressionProvider, IValueProvider
{
    private readonly Lock _once = new();
    private string? _value;

    /// <summary>True keeps the value out of logs and pages.</summary>
    public bool Secret { get; } = secret;
    public bool IsConnectionString { get; set; }
    public ParameterDefault? Default { get; set; }
    public string ValueExpression => $"{{{Name}.value}}";

    /// <exception cref="MissingParameterValueException">Neither configuration nor a default gives the value.</exception>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        lock (_once) return new(_value ??= callback(Default));
    }
}

public class MissingParameterValueException(string message) : DistributedApplicationException(message);

public abstract class ParameterDefault
{
    public abstract void WriteToManifest(ManifestPublishingContext context);

    public abstract string GetDefaultValue();
}

/// <summary>Random text with at least so many characters of each class.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string Lowers = "abcdefghjkmnpqrstuvwxyz", Uppers = "ABCDEFGHJKMNPQRSTUVWXYZ", Digits = "0123456789", Specials = "-_.{}~()*+!"; // no look-alikes, nothing that a shell or a URI trips over in quotes

    public int MinLength { get; set; } = 22; // 128 bits of entropy in the default classes
    public bool Lower { get; set; } = true;
    public bool Upper { get; set; } = true;
    public bool Numeric { get; set; } = true;
    public bool Special { get; set; } = true;
    public int MinLower { get; set; }
    public int MinUpper { get; set; }
    public int MinNumeric { get; set; }
    public int MinSpecial { get; set; }

    public override void WriteToManifest(ManifestPublishingContext context)
    {
        context.Writer.WriteStartObject("generate");
        context.Writer.WriteNumber("minLength", MinLength);
        context.Writer.WriteEndObject();
    }

    public override string GetDefaultValue()
    {
        (bool Allowed, string Characters, int Minimum)[] classes = [(Lower, Lowers, MinLower), (Upper, Uppers, MinUpper), (Numeric, Digits, MinNumeric), (Special, Specials, MinSpecial)];
        var allowed = classes.Where(c => c.Allowed).ToArray();
        if (allowed.Length == 0) throw new InvalidOperationException("A generated parameter needs at least one class of characters.");

        var text = new List<char>();
        foreach (var (_, characters, minimum) in allowed) text.AddRange(RandomNumberGenerator.GetItems<char>(characters, minimum));
        var any = string.Concat(allowed.Select(c => c.Characters));
        if (text.Count < MinLength) text.AddRange(RandomNumberGenerator.GetItems<char>(any, MinLength - text.Count));
        var result = text.ToArray();
        RandomNumberGenerator.Shuffle<char>(result);
        return new string(result);
    }
}

/// <summary>A connection string given by configuration, or composed of other values.</summary>
public class ConnectionStringResource(string name, ReferenceExpression connectionStringExpression) : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    public ReferenceExpression ConnectionStringExpression { get; } = connectionStringExpression;
}
