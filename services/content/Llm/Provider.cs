using System.Security.Cryptography;
using System.Text;

namespace Empire.Content.Llm;

/// <summary>Someone who sells calls to language models.</summary>
/// <param name="Sandbox">Nothing it answers is real.</param>
/// <param name="Off">Nothing is asked of it.</param>
/// <param name="Calls">How many may start within <paramref name="Window"/>.</param>
public sealed record Provider(string Name, Uri BaseAddress, string ApiKey, bool Sandbox, bool Off, int Calls, TimeSpan Window)
{
    private const int LiveCalls = 3, SandboxCalls = 600;

    /// <summary>Names the key without telling it: two keys have two windows.</summary>
    public string WindowKey { get; } = $"{Name}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ApiKey)))[..16]}";

    public static Provider From(string name, LlmProviderOptions options) =>
        new(name, options.BaseAddress!, options.ApiKey, options.Sandbox, options.Off, options.Calls ?? (options.Sandbox ? SandboxCalls : LiveCalls), options.Window);

    public override string ToString() => Name; // not the key
}
