using System.ComponentModel.DataAnnotations;

namespace Empire.Http;

/// <summary>Section <c>Providers:{Name}</c>. A provider with a key of its own derives from it and adds the property with <c>[Required]</c>, which is not asked for where it is <see cref="Off"/>.</summary>
public class ProviderOptions
{
    /// <summary>Of a provider that is <see cref="Off"/>: one that leads nowhere, whatever the settings say.</summary>
    [Required] public Uri? BaseAddress { get; set; }

    /// <summary>True where this installation does without the provider. Nothing is ever sent to it: each call is a <see cref="ProviderException"/> with <see cref="ProviderException.IsOff"/>.</summary>
    public bool Off { get; set; }

    /// <summary>The variable from which the key came, as whoever runs the installation knows it: OPENAI_API_KEY. Null: the setting's own name.</summary>
    public string? KeyVariable { get; set; }

    /// <summary>True where the base address is an emulator's: what is made through it is marked <c>test</c>. Refused in Production.</summary>
    public bool Sandbox { get; set; }

    /// <summary>False where nothing that is done here happens in the outside world.</summary>
    public bool Live => !Sandbox && !Off;

    /// <summary>One attempt, not the whole call with its retries.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")] public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The whole call with its retries.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")] public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>Calls under way at once from this process; more wait their turn, as many again at most.</summary>
    [Range(1, 1000)] public int Concurrency { get; set; } = 32;
}
