using System.ComponentModel.DataAnnotations;

namespace Empire.Credentials;

/// <summary>Section "Vault", the same in every service: how old a credential may grow before someone is told to replace it, and what use is unusual.</summary>
public sealed class CredentialOptions
{
    /// <summary>Keys of language models and of payment gateways: monthly.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")] public TimeSpan LlmAge { get; init; } = TimeSpan.FromDays(30);

    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")] public TimeSpan GatewayAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Credentials of stores, platforms and networks: quarterly.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")] public TimeSpan PlatformAge { get; init; } = TimeSpan.FromDays(91);

    /// <summary>A day's uses that are so many times the daily mean of the week before are a jump.</summary>
    [Range(2, 1000)] public int JumpFactor { get; init; } = 10;

    /// <summary>Fewer uses than this in a day are never a jump.</summary>
    [Range(1, 1_000_000)] public int JumpFloor { get; init; } = 20;

    /// <param name="kind">llm, gateway or platform.</param>
    public TimeSpan AgeOf(string kind) => kind switch { "llm" => LlmAge, "gateway" => GatewayAge, _ => PlatformAge };
}
