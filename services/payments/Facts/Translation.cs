using System.Collections.Immutable;

namespace Empire.Payments.Facts;

/// <summary>What an event of a provider means.</summary>
/// <param name="Facts">In the order in which they are taken in.</param>
/// <param name="ToFetch">Objects that it only names: paths of the provider's, asked for afterwards.</param>
public sealed record Translation(ImmutableArray<Fact> Facts, ImmutableArray<string> ToFetch)
{
    /// <summary>It says nothing about money.</summary>
    public static readonly Translation Nothing = new([], []);

    public static Translation Of(params ReadOnlySpan<Fact> facts) => new([.. facts], []);

    public Translation Fetching(params ReadOnlySpan<string> paths) => this with { ToFetch = [.. paths] };
}
