using Empire.Hosting;

namespace Empire.Autopilot.Cycles;

/// <summary>Tells a sleeping runner slot of this process that a step may be due now.</summary>
public sealed class CycleSignal() : WakeUp;
