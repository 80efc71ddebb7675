using Empire.Hosting;

namespace Empire.Payments.Intake;

/// <summary>Tells the workers of this process that there is a task.</summary>
public sealed class TaskSignal() : WakeUp;
