using Microsoft.Extensions.Options;

namespace Empire.Content.Llm;

/// <summary>Who is asked for what, in which order. <see cref="RouteValidator"/> has seen to it that every name leads somewhere.</summary>
public sealed class ModelRouter
{
    private const string Premium = ".premium";
    private readonly Dictionary<string, Model[]> routes;
    private readonly HashSet<string> premiumNiches;

    public ModelRouter(IOptions<LlmOptions> options, IEnumerable<Provider> providers)
    {
        var sellers = providers.ToDictionary(provider => provider.Name);
        var models = options.Value.Models.ToDictionary(entry => entry.Key, entry => ToModel(entry.Key, entry.Value, sellers[entry.Value.Provider]));
        routes = options.Value.Routes.ToDictionary(entry => entry.Key, entry => LlmOptions.List(entry.Value).Select(name => models[name]).ToArray());
        premiumNiches = LlmOptions.List(options.Value.PremiumNiches).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The models for a task, best first.</summary>
    /// <param name="niche">A premium niche gets the task's premium route, if there is one.</param>
    /// <exception cref="KeyNotFoundException">No such route.</exception>
    public IReadOnlyList<Model> Route(string task, string? niche) =>
        niche is not null && premiumNiches.Contains(niche) && routes.TryGetValue(task + Premium, out var premium) ? premium : routes[task];

    private static Model ToModel(string id, ModelOptions model, Provider seller) => new(
        id, seller, Money.Of(model.InputUsd, Currency.Usd).Micros, Money.Of(model.OutputUsd, Currency.Usd).Micros, model.Temperature, model.JsonSchema);
}
