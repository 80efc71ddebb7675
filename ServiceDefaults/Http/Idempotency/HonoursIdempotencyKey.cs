namespace Empire.Http;

/// <summary>Endpoint metadata, set by <c>WithIdempotencyKey</c>.</summary>
internal sealed class HonoursIdempotencyKey;
