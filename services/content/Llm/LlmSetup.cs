using Empire.Configuration;
using Microsoft.Extensions.Options;

namespace Empire.Content.Llm;

public static class LlmSetup
{
    /// <summary>Who sells calls: both speak OpenAI's chat completions API. A third needs its name here and a section under "Providers".</summary>
    internal static readonly string[] Sellers = ["OpenAI", "OpenRouter"];

    public static void AddLlm(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<LlmOptions>("Llm");
        builder.Services.AddSingleton<IValidateOptions<LlmOptions>, RouteValidator>();
        foreach (var seller in Sellers)
        {
            builder.AddProvider<LlmProviderOptions>(seller);
            builder.Services.AddSingleton(services => Provider.From(seller, services.GetRequiredKeyedService<LlmProviderOptions>(seller)));
        }
        builder.Services.AddSingleton<ChatClients>();
        builder.Services.AddSingleton<ModelRouter>();
        builder.Services.AddSingleton<ModelCall>();
    }
}
