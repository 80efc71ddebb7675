using Empire.Content.Prompts;
using Microsoft.Extensions.Options;

namespace Empire.Content.Llm;

/// <summary>Follows every route from the prompt that asks for it to the provider that sells its models; one that leads nowhere stops the start.</summary>
internal sealed class RouteValidator(PromptLibrary prompts) : IValidateOptions<LlmOptions>
{
    public ValidateOptionsResult Validate(string? name, LlmOptions options)
    {
        List<string> faults =
        [
            .. options.Models.Where(model => !LlmSetup.Sellers.Contains(model.Value.Provider))
                .Select(model => $"Llm:Models:{model.Key}:Provider is '{model.Value.Provider}'; wanted: {string.Join(" or ", LlmSetup.Sellers)}"),
            .. options.Routes.Where(route => LlmOptions.List(route.Value).Length == 0).Select(route => $"Llm:Routes:{route.Key}; wanted: at least one model"),
            .. options.Routes.SelectMany(route => LlmOptions.List(route.Value).Where(model => !options.Models.ContainsKey(model))
                .Select(model => $"Llm:Routes:{route.Key} names {model}; wanted: a model that Llm:Models offers")),
            .. prompts.All.Where(prompt => !options.Routes.ContainsKey(prompt.Route)).Select(prompt => $"Llm:Routes:{prompt.Route}; wanted: models for the prompt {prompt.Name}"),
        ];
        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}
