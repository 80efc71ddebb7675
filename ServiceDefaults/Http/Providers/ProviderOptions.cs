using System.ComponentModel.DataAnnotations;

namespace Empire.Http;

/// <summary>Section <c>Providers:{Name}</c>. A provider with a key of its own derives from it and adds the property with <c>[Required]</c>.</summary>
public class ProviderOptions
{
    [Required] public Uri? BaseAddress { get; set; }

    /// <summary>True where the base address is an emulator's: what is made through it is marked <c>test</c>. Refused in Production.</summary>
    public bool Sandbox { get; set; }

    /// <summary>False where nothing that is done here happens in the outside world.</summary>
    public bool Live => !Sandbox;

    /// <summary>One attempt, not the whole call with its retries.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")] public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The whole call with its retries.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")] public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>Calls under way at once from this process; more wait their turn, as many again at most.</summary>
    [Range(1, 1000)] public int Concurrency { get; set; } = 32;
}
