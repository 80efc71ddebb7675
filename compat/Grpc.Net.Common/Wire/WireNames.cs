namespace Grpc.Net.Wire;

/// <summary>Names and fixed values of the protocol.</summary>
static class WireNames
{
    public const string ContentType = "application/grpc";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Identity = "identity";

    /// <summary>A header by which a caller, or a handler, chooses the compression of one call's messages. It never goes on the wire.</summary>
    public const string CompressionRequest = "grpc-internal-encoding-request";

    /// <summary>Is this the content type of gRPC, alone or with a suffix (<c>application/grpc+proto</c>) or a parameter? gRPC-Web is another protocol.</summary>
    public static bool IsContentType(string? value) =>
        value is not null
        && value.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (value.Length == ContentType.Length || value[ContentType.Length] is '+' or ';');

    /// <summary>Headers that belong to the transport and are not shown as metadata.</summary>
    public static bool IsReserved(string name) =>
        name is [':', ..]
        || Is(name, Status) || Is(name, Message) || Is(name, Encoding) || Is(name, AcceptEncoding) || Is(name, Timeout) || Is(name, CompressionRequest)
        || Is(name, "content-type") || Is(name, "te") || Is(name, "host") || Is(name, "accept-encoding");

    static bool Is(string name, string reserved) => name.Equals(reserved, StringComparison.OrdinalIgnoreCase);
}
