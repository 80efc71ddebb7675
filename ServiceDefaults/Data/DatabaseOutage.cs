using Npgsql;

namespace Empire.Data;

/// <summary>Tells "the database is away" from "the database said no".</summary>
internal static class DatabaseOutage
{
    /// <summary>True when the server is not there, is starting or stopping, has no connection free, or does not have the database yet: waiting may help.
    /// A statement that took too long is not an outage, nor is a wrong password.</summary>
    public static bool Is(Exception exception) => exception switch
    {
        PostgresException p => p.SqlState is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.InvalidCatalogName
            or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown || p.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException { InnerException: not TimeoutException } => true,
        _ => false,
    };
}
