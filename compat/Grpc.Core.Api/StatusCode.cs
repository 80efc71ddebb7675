namespace Grpc.Core;

/// <summary>How a call ended. The numbers travel in the <c>grpc-status</c> trailer and are fixed by the gRPC protocol.</summary>
public enum StatusCode
{
    OK = 0,
    /// <summary>Cancelled, as a rule by the caller.</summary>
    Cancelled = 1,
    /// <summary>An error that carries no more information, such as an exception that escaped from a handler.</summary>
    Unknown = 2,
    /// <summary>The argument is wrong whatever the state of the system; compare <see cref="FailedPrecondition"/>.</summary>
    InvalidArgument = 3,
    /// <summary>The deadline passed first. The call may have had its effect all the same.</summary>
    DeadlineExceeded = 4,
    NotFound = 5,
    AlreadyExists = 6,
    /// <summary>The caller is known and not allowed; an unknown caller gets <see cref="Unauthenticated"/>.</summary>
    PermissionDenied = 7,
    /// <summary>A quota is used up, or a message is larger than the limit.</summary>
    ResourceExhausted = 8,
    /// <summary>The state of the system forbids it; a repeat without a change of state fails again.</summary>
    FailedPrecondition = 9,
    /// <summary>A concurrency conflict; repeat from the start of the read-modify-write.</summary>
    Aborted = 10,
    OutOfRange = 11,
    Unimplemented = 12,
    /// <summary>An invariant of the system or of the protocol is broken.</summary>
    Internal = 13,
    /// <summary>The peer cannot be reached now; a repeat may succeed.</summary>
    Unavailable = 14,
    DataLoss = 15,
    Unauthenticated = 16,
}
