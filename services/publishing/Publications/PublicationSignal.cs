using Empire.Hosting;

namespace Empire.Publishing.Publications;

/// <summary>Tells the worker of this process that something was planned.</summary>
public sealed class PublicationSignal() : WakeUp;
