using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Empire.AppHost.Operating.Doctor;

/// <summary>Every provider that has a key is asked something cheap that only a good key gets an answer to.</summary>
internal static class ProviderChecks
{
    /// <param name="Variable">Holds the key.</param>
    /// <param name="Address">The provider's own; <c>Providers__{Name}__BaseAddress</c> replaces it.</param>
    /// <param name="Path">What is asked for, by GET.</param>
    /// <param name="Scheme">How the key is shown: "Bearer", or the name of a header.</param>
    private sealed record Question(string Name, string Variable, string? Address, string Path, string Scheme = "Bearer");

    private static readonly IReadOnlyList<Question> Questions =
    [
        new("OpenAI", "OPENAI_API_KEY", Provider.OpenAI.BaseAddress, "/models"),
        new("OpenRouter", "OPENROUTER_API_KEY", Provider.OpenRouter.BaseAddress, "/key"),
        new("Anthropic", "ANTHROPIC_API_KEY", "https://api.anthropic.com", "/v1/models", "x-api-key"),
        new("X", "X_ACCESS_TOKEN", Provider.X.BaseAddress, "/2/users/me"),
        new("Meadow", "MEADOW_TOKEN", null, ""),
        new("Harbor", "HARBOR_TOKEN", null, ""),
        new("Stripe", "STRIPE_SECRET_KEY", Provider.Stripe.BaseAddress, "/v1/account"),
        new("Flutterwave", "FLUTTERWAVE_SECRET_KEY", Provider.Flutterwave.BaseAddress, "/balances"),
        new("NowPayments", "NOWPAYMENTS_API_KEY", Provider.NowPayments.BaseAddress, "/currencies", "x-api-key"),
        new("SendGrid", "SENDGRID_API_KEY", "https://api.sendgrid.com", "/v3/user/account"),
        new("GitHub", "GITHUB_TOKEN", "https://api.github.com", "/rate_limit"),
    ];

    public static IEnumerable<Check> All(Installation installation, HttpClient http) => Questions.Select(question =>
    {
        if (installation.Settings[question.Variable] is not { } key) return new Check(question.Name, null, $"{question.Variable} is not set{(Provider.All.Any(provider => provider.Name == question.Name) ? ": the sandbox plays it" : "")}.");
        if (Provider.All.FirstOrDefault(provider => provider.Name == question.Name) is { } known && known.IsOff(installation.Settings))
            return known.Required
                ? new(question.Name, _ => throw new DistributedApplicationException($"{question.Variable} is {Provider.Off}, and Empire does not start without {question.Name}."))
                : new Check(question.Name, null, $"Switched off by {question.Variable}.");
        var address = installation.Settings[$"Providers__{question.Name}__BaseAddress"] ?? Provider.All.FirstOrDefault(provider => provider.Name == question.Name)?.LiveAddress(installation.Settings) ?? question.Address;
        return new(question.Name, address is null
            ? _ => throw new DistributedApplicationException($"{question.Variable} is set, so Providers__{question.Name}__BaseAddress must be too.")
            : ct => AskAsync(http, question, address, key, ct));
    });

    private static async Task<string> AskAsync(HttpClient http, Question question, string address, string key, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address.TrimEnd('/') + question.Path);
        request.Headers.UserAgent.Add(new("Empire", "1.0"));
        if (question.Scheme == "Bearer") request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        else request.Headers.Add(question.Scheme, key);
        if (question.Name == "Anthropic") request.Headers.Add("anthropic-version", "2023-06-01");
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        if (answer.IsSuccessStatusCode) return $"{request.RequestUri!.Host} accepts the key";
        var told = ReasonIn(await answer.Content.ReadAsStringAsync(ct));
        throw new HttpRequestException(answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? $"{request.RequestUri!.Host} refuses the key in {question.Variable} ({(int)answer.StatusCode}): {told}"
            : $"{request.RequestUri!.Host} answers {(int)answer.StatusCode}: {told}");
    }

    /// <summary>The provider's own words, wherever it puts them.</summary>
    private static string ReasonIn(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return Find(json.RootElement) ?? Short(body);
        }
        catch (JsonException)
        {
            return Short(body);
        }

        static string? Find(JsonElement element) => element.ValueKind is not JsonValueKind.Object ? null
            : new[] { "message", "detail", "title", "error" }.Select(name => element.TryGetProperty(name, out var value) ? value.ValueKind is JsonValueKind.String ? value.GetString() : Find(value) : null).FirstOrDefault(text => text is not null);

        static string Short(string text) => text.Length == 0 ? "no reason given" : text.Length <= 200 ? text : text[..200] + "…";
    }
}
