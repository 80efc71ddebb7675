using System.Net;

namespace Empire.EndToEnd.Tests;

/// <summary>Every path of the API document takes the methods that it names and says so to all others.</summary>
[Collection(InstallationCollection.Name)]
public sealed class MethodTests(Installation empire)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    private const string Nothing = "00000000-0000-7000-8000-000000000000";

    [Fact]
    public async Task A_method_that_the_document_does_not_name_answers_405_with_those_it_does()
    {
        await empire.HealthyAsync();
        using var account = await empire.NewTenantAsync("methods");
        var operations = ApiOperation.All(await account.GetJsonAsync("/openapi/v1.json"));
        var paths = operations.GroupBy(operation => operation.Path).Select(path => (Path: path.Key, Methods: path.Select(operation => operation.Method).Order().ToArray())).ToList();
        Assert.True(paths.Count > 100, $"The document names only {paths.Count} paths.");
        var wrong = new List<string>();
        var (tried, refused) = (0, 0);
        foreach (var (path, methods) in paths)
        {
            foreach (var method in Methods.Except(methods).Where(method => !paths.Any(other => other.Path != path && other.Methods.Contains(method) && Matches(other.Path, path))))
            {
                tried++;
                using var request = new HttpRequestMessage(new(method), new Uri(Filled(path), UriKind.Relative));
                using var answer = await empire.OwnerClient.SendAsync(request);   // the operator's, so that what is not for accounts is not refused for that
                var told = await answer.Content.ReadAsStringAsync();
                var allow = answer.Content.Headers.Allow.Order().ToArray();
                if (answer.StatusCode is not HttpStatusCode.MethodNotAllowed || !told.Contains("\"METHOD_NOT_ALLOWED\"", StringComparison.Ordinal)) wrong.Add($"{method} {path} answers {(int)answer.StatusCode} {told}");
                else if (!methods.All(allow.Contains) || allow.Contains(method)) wrong.Add($"{method} {path} allows {string.Join(", ", allow)}; the document, {string.Join(", ", methods)}");
                else refused++;
            }
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {tried}:\n{string.Join('\n', wrong)}");
        Assert.True(refused > 300, $"Only {refused} were tried.");
    }

    [Theory]
    [InlineData("/api/unknown")]
    [InlineData("/api/v1/unknown")]
    [InlineData("/api/v1/content/unknown")]
    [InlineData("/admin/unknown")]
    [InlineData("/payment/unknown")]
    public async Task An_unknown_path_is_404(string path)
    {
        using var answer = await empire.OwnerClient.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    /// <summary>Whether a pattern with parameters takes this path too: then the document does name the method.</summary>
    private static bool Matches(string pattern, string path)
    {
        var (wanted, given) = (pattern.Split('/'), path.Split('/'));
        return wanted.Length == given.Length && wanted.Zip(given).All(part => part.First == part.Second || part.First.StartsWith('{'));
    }

    private static string Filled(string path) => string.Join('/', path.Split('/').Select(part => part.StartsWith('{') ? Nothing : part));
}
