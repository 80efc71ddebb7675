using Empire.Http;
using Microsoft.Extensions.Options;

namespace Empire.Content.Llm;

/// <summary>Who is asked for what, in which order. <see cref="RouteValidator"/> has seen to it that every name leads somewhere; models of a seller that is switched off are passed over.</summary>
public sealed partial class ModelRouter
{
    private const string Premium = ".premium";
    private readonly Dictionary<string, Model[]> routes;
    private readonly HashSet<string> premiumNiches;

    public ModelRouter(IOptions<LlmOptions> options, IEnumerable<Provider> providers, ILogger<ModelRouter> log)
    {
        var sellers = providers.ToDictionary(provider => provider.Name);
        var models = options.Value.Models.ToDictionary(entry => entry.Key, entry => ToModel(entry.Key, entry.Value, sellers[entry.Value.Provider]));
        routes = options.Value.Routes.ToDictionary(entry => entry.Key, entry => LlmOptions.List(entry.Value).Select(name => models[name]).ToArray());
        premiumNiches = LlmOptions.List(options.Value.PremiumNiches).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (task, route) in routes)
            if (Array.TrueForAll(route, model => model.Provider.Off)) LogClosed(log, task, SellersOf(route));
    }

    /// <summary>The models for a task, best first.</summary>
    /// <param name="niche">A premium niche gets the task's premium route, if there is one.</param>
    /// <returns>At least one.</returns>
    /// <exception cref="KeyNotFoundException">No such route.</exception>
    /// <exception cref="ProviderException">All who sell its models are switched off.</exception>
    public IReadOnlyList<Model> Route(string task, string? niche)
    {
        if (niche is not null && premiumNiches.Contains(niche) && routes.TryGetValue(task + Premium, out var premium) && Open(premium) is { Length: > 0 } best) return best;
        return Open(routes[task]) is { Length: > 0 } open ? open : throw ProviderException.SwitchedOff(SellersOf(routes[task]));
    }

    private static Model[] Open(Model[] route) => [.. route.Where(model => !model.Provider.Off)];

    private static string SellersOf(Model[] route) => string.Join(" and ", route.Select(model => model.Provider.Name).Distinct());

    private static Model ToModel(string id, ModelOptions model, Provider seller) => new(
        id, seller, Money.Of(model.InputUsd, Currency.Usd).Micros, Money.Of(model.OutputUsd, Currency.Usd).Micros, model.Temperature, model.JsonSchema);

    [LoggerMessage(1, LogLevel.Warning, "Nothing can be written by the route {Route}: {Sellers} are switched off")]
    private static partial void LogClosed(ILogger log, string route, string sellers);
}
