using System.ComponentModel.DataAnnotations;

namespace Empire.Http;

/// <summary>One of a few values, which the refusal lists and the API document shows as an enumeration; the framework's own attribute tells its class name instead.</summary>
/// <param name="values">All that is taken. Null among them: the field may be left out.</param>
#pragma warning disable RS0030 // It is banned because this is to be used.
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class OneOfAttribute(params object?[] values) : AllowedValuesAttribute(values)
#pragma warning restore RS0030
{
    public override string FormatErrorMessage(string name)
    {
        var given = Values.Where(value => value is not null).ToArray();
        return given.Length < 2 ? $"wanted: {given.SingleOrDefault()}." : $"wanted: {string.Join(", ", given[..^1])} or {given[^1]}.";
    }
}
