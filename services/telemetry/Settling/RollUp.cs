namespace Empire.Telemetry.Settling;

/// <summary>Sums of the samples of one series within one minute, hour or day. Two of them merge into one of both.</summary>
internal sealed class RollUp
{
    public int Samples { get; set; }
    public long Ms { get; set; }

    /// <summary>Samples that did not tell their use; they are in none of the three.</summary>
    public int UnknownUtils { get; set; }
    public long UtilSum { get; set; }
    public int UtilMin { get; set; } = int.MaxValue;
    public int UtilMax { get; set; }
    public long MemUsedSum { get; set; }
    public long MemUsedMax { get; set; }
    public long MemTotalMax { get; set; }
    public int Temperatures { get; set; }
    public long TemperatureSum { get; set; }
    public int? TemperatureMax { get; set; }
    public int Powers { get; set; }
    public long PowerSum { get; set; }
    public int? PowerMax { get; set; }
    public long EnergyMj { get; set; }
    public long IdleMs { get; set; }
    public long CostMicroMs { get; set; }
    public long WasteMicroMs { get; set; }

    public void Add(RollUp other)
    {
        Samples += other.Samples;
        Ms += other.Ms;
        UnknownUtils += other.UnknownUtils;
        UtilSum += other.UtilSum;
        UtilMin = Math.Min(UtilMin, other.UtilMin);
        UtilMax = Math.Max(UtilMax, other.UtilMax);
        MemUsedSum += other.MemUsedSum;
        MemUsedMax = Math.Max(MemUsedMax, other.MemUsedMax);
        MemTotalMax = Math.Max(MemTotalMax, other.MemTotalMax);
        Temperatures += other.Temperatures;
        TemperatureSum += other.TemperatureSum;
        if (TemperatureMax is null || other.TemperatureMax > TemperatureMax) TemperatureMax = other.TemperatureMax ?? TemperatureMax;
        Powers += other.Powers;
        PowerSum += other.PowerSum;
        if (PowerMax is null || other.PowerMax > PowerMax) PowerMax = other.PowerMax ?? PowerMax;
        EnergyMj += other.EnergyMj;
        IdleMs += other.IdleMs;
        CostMicroMs += other.CostMicroMs;
        WasteMicroMs += other.WasteMicroMs;
    }
}
