using Empire.Http;
using Microsoft.AspNetCore.Builder;

namespace Empire;

public static class IdempotencyExtensions
{
    /// <summary>Honours the <c>Idempotency-Key</c> header: for 24 hours a repeat by the same tenant gets the first answer (marked <c>Idempotency-Replayed: true</c>), a
    /// repeat with another body or path is refused with 422, and a twin that comes while the first is under way waits for its answer. A call that failed on our
    /// side (5xx, an exception) or was put off (408, 425, 429) frees the key. Needs <c>AddDatabase</c>.</summary>
    /// <remarks>The answer is stored after the handler has committed. A process that dies in between frees the key, so a handler that must not run twice even
    /// then also has a key of its own in its tables.</remarks>
    public static TBuilder WithIdempotencyKey<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder =>
        endpoints.WithMetadata(new HonoursIdempotencyKey());
}
