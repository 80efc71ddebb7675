using Microsoft.Extensions.Options;

namespace Empire.Sandbox.Networks;

/// <summary>Where postbacks go: the setting, or what the control endpoint put in its place.</summary>
public sealed class PostbackTarget(IOptions<SandboxOptions> options)
{
    volatile string? url = options.Value.PostbackTarget;

    public bool IsSet => url is not null;

    /// <returns>Null while postbacks have no target.</returns>
    public Uri? For(string network) => url is { } set ? new Uri(set.Replace("{network}", network, StringComparison.Ordinal)) : null;

    /// <returns>Null when done, otherwise what is wrong with the address.</returns>
    public string? Set(string? target)
    {
        if (target is not null && !IsAddress(target)) return "An absolute http(s) address; {network} stands for the network's name.";
        if (target is not null && Network.All.FirstOrDefault(n => options.Value.SecretOf(n.Name) is null) is { } unsigned)
            return $"The setting Sandbox:Networks:{unsigned.Name}:Secret is needed to sign postbacks.";
        url = target;
        return null;
    }

    public static bool IsUsable(SandboxOptions options) => options.PostbackTarget is null || IsAddress(options.PostbackTarget);

    static bool IsAddress(string target) =>
        Uri.TryCreate(target.Replace("{network}", "meadow", StringComparison.Ordinal), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
}
