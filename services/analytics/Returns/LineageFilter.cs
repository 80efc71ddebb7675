using Empire.Http;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Analytics.Returns;

/// <summary>Which rows a list shows: those behind one number of a report. <c>unattributed</c> as a value finds the rows that lack the lineage.</summary>
/// <param name="Product">A product's UUID.</param>
/// <param name="From">First UTC day.</param>
/// <param name="To">Last UTC day, included.</param>
public sealed record LineageFilter(
    string? Product, string? Niche, string? Platform, [FromQuery(Name = "prompt_version")] string? PromptVersion, DateOnly? From, DateOnly? To)
{
    /// <exception cref="InvalidFieldException">The product is no UUID, or the period ends before it begins.</exception>
    internal Period Period => Product is null or Dimension.Unattributed || Guid.TryParse(Product, out _)
        ? Returns.Period.Of(From, To)
        : throw new InvalidFieldException("product", "wanted: a UUID, or 'unattributed'.");
}
