using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;

namespace Empire.Configuration;

/// <summary>Where a setting's value comes from, in the words of the person who can change it.</summary>
internal static class SettingSource
{
    public static string Of(IConfiguration configuration, string key)
    {
        foreach (var provider in (configuration as IConfigurationRoot)?.Providers.Reverse() ?? [])
        {
            if (!provider.TryGet(key, out _)) continue;
            return provider switch
            {
                EnvironmentVariablesConfigurationProvider => $"environment variable {Variable(key)}",
                JsonConfigurationProvider json => json.Source.Path ?? "a JSON file",
                CommandLineConfigurationProvider => $"command line --{key}",
                _ => "set by the program",
            };
        }
        return $"not set; environment variable {Variable(key)} sets it";
    }

    private static string Variable(string key) => key.Replace(":", "__", StringComparison.Ordinal);
}
