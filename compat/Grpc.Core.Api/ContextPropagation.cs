namespace Grpc.Core;

/// <summary>What of a server call goes on to the calls made for it. Both by default.</summary>
public sealed class ContextPropagationOptions(bool propagateDeadline = true, bool propagateCancellation = true)
{
    public static readonly ContextPropagationOptions Default = new();

    public bool IsPropagateDeadline { get; } = propagateDeadline;

    public bool IsPropagateCancellation { get; } = propagateCancellation;
}

/// <summary>The deadline and the cancellation of a server call, for the calls made on its behalf.</summary>
public sealed class ContextPropagationToken
{
    internal ContextPropagationToken(DateTime? deadline, CancellationToken cancellationToken)
    {
        Deadline = deadline;
        CancellationToken = cancellationToken;
    }

    internal DateTime? Deadline { get; }

    internal CancellationToken CancellationToken { get; }
}
