using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire;

public static class RefusalProblem
{
    internal const string TypePrefix = "urn:empire:";

    /// <summary>The refusal as the body of an answer; its code in upper case, <c>REFUND_TOO_LATE</c>, is the problem's <c>code</c>.</summary>
    /// <param name="status">409 unless the rule has a better one: 402, 403, 404, 422, 429.</param>
    public static ProblemHttpResult ToProblem(this Refusal refusal, int status = StatusCodes.Status409Conflict) =>
        TypedResults.Problem(refusal.Detail, statusCode: status, type: TypePrefix + refusal.Code, title: TitleOf(refusal.Code));

    private static string TitleOf(string kebab) => $"{char.ToUpperInvariant(kebab[0])}{kebab[1..].Replace('-', ' ')}";
}
