using Empire.Http;
using Grpc.Core;
using Npgsql;

namespace Empire.Autopilot.Cycles;

/// <summary>Tells a neighbour that is away, which comes back, from an error that a repeat will meet again.</summary>
internal static class Outage
{
    public static bool Is(Exception failure) => failure is NeighbourAwayException
        or RpcException { StatusCode: StatusCode.Unavailable or StatusCode.DeadlineExceeded }
        or NpgsqlException { IsTransient: true }
        or ProviderException { IsRefusal: false };
}

/// <summary>Nothing of what a step needs from outside could be had; waiting may help.</summary>
internal sealed class NeighbourAwayException(string message) : Exception(message);
