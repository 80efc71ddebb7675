namespace Aspire.Npgsql;

/// <summary>Sections <c>Aspire:Npgsql</c> and, for one data source alone, <c>Aspire:Npgsql:{name}</c>.</summary>
public class NpgsqlSettings
{
    /// <summary>In Npgsql's own form, <c>Host=…;Database=…</c>. <c>ConnectionStrings:{name}</c>, where set, wins over the sections.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>True leaves the health check out, for programs with a check of their own.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>True does not add the source <c>Npgsql</c> to the host's traces; another data source of the host may still add it.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>True does not add the meter <c>Npgsql</c> to the host's metrics; another data source of the host may still add it.</summary>
    public bool DisableMetrics { get; set; }
}
