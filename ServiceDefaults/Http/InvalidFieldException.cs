namespace Empire.Http;

/// <summary>One field of a request is wrong; the exception handler answers 400 <c>VALIDATION_ERROR</c> and names it. For checks that attributes cannot express.</summary>
/// <param name="field">As the client wrote it: <c>cursor</c>.</param>
/// <param name="wanted">For people: what is wrong and what would be right.</param>
public sealed class InvalidFieldException(string field, string wanted) : Exception($"{field}: {wanted}")
{
    public string Field { get; } = field;
    public string Wanted { get; } = wanted;
}
