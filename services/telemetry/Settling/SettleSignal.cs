using Empire.Hosting;

namespace Empire.Telemetry.Settling;

/// <summary>Says that batches were stored.</summary>
internal sealed class SettleSignal() : WakeUp;
