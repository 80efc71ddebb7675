namespace Aspire.StackExchange.Redis;

/// <summary>Sections <c>Aspire:StackExchange:Redis</c> and, for one client alone, <c>Aspire:StackExchange:Redis:{name}</c>. Their part
/// <c>ConfigurationOptions</c> is bound to StackExchange.Redis' own options.</summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary>As in <c>host:port,password=…</c>. <c>ConnectionStrings:{name}</c>, where set, wins over the sections.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>True leaves the health check out, for programs with a check of their own.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>True makes no spans of this client's commands.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>False: the client begins to connect when the host starts. True: when it is first asked for, which then waits.</summary>
    public bool DisableAutoActivation { get; set; }
}
