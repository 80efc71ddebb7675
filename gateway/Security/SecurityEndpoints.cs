using System.ComponentModel.DataAnnotations;
using System.Net;
using Empire.Gateway.Requests;
using Empire.Gateway.Routing;
using Empire.Http;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Gateway.Security;

/// <summary>What the operator sees of the door's defence.</summary>
internal static class SecurityEndpoints
{
    /// <param name="Address">An IP address, or the /64 network of an IPv6 customer.</param>
    /// <param name="For">Failed <c>credentials</c> or bad <c>signatures</c>. What is signed (webhooks) still comes in from there.</param>
    public sealed record Block(string Address, string For, DateTimeOffset Until);

    /// <example>{"data": [{"address": "203.0.113.7", "for": "credentials", "until": "2026-03-02T09:00:00+00:00"}]}</example>
    public sealed record BlockList(IReadOnlyList<Block> Data);

    /// <param name="Count">How many this stands for: of a flood, ten a minute of one kind and origin are listed singly, and the rest of the minute as one.</param>
    public sealed record Event(string Id, DateTimeOffset At, string Kind, string Address, string? Actor, string? Route, string? Detail, long Count);

    /// <example>{"data": [{"id": "1772438400000-0", "at": "2026-03-02T08:00:00+00:00", "kind": "limit", "address": "203.0.113.7", "actor": null, "route": "/api/signup", "detail": "50 requests an hour without a key", "count": 1}], "next_cursor": null}</example>
    public sealed record EventList(IReadOnlyList<Event> Data, string? NextCursor);

    public static void MapSecurity(this WebApplication app)
    {
        var admin = app.MapGroup("/admin").WithTags("Security");
        admin.MapGet("/blocks", List).WithName("ListBlocks").Under("/admin/blocks");
        admin.MapDelete("/blocks", UnblockAsync).WithName("Unblock").Produces(StatusCodes.Status204NoContent).Under("/admin/blocks");
        admin.MapGet("/security-events", EventsAsync).WithName("ListEventsAtTheDoor").Produces<EventList>().Under("/admin/security-events");
    }

    private static BlockList List(Blocks blocks) => new([.. blocks.All().Select(block => new Block(block.Origin, block.For is Failure.Signature ? "signatures" : "credentials", block.Until))]);

    /// <summary>Lets an address in again and forgives what it did.</summary>
    private static async Task<IResult> UnblockAsync([Required] string address, Blocks blocks, SecurityEvents events, HttpContext context)
    {
        var origin = IPAddress.TryParse(address, out var ip) ? Visit.OriginOf(ip) : IPNetwork.TryParse(address, out var network) ? Visit.OriginOf(network.BaseAddress)
            : throw new InvalidFieldException("address", "must be an IP address, as in 203.0.113.7.");
        if (!await blocks.UnblockAsync(origin)) return new Refusal("not-found", $"{address} is not blocked.").ToProblem(StatusCodes.Status404NotFound);
        events.Record("unblock", Visit.Of(context), origin);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> EventsAsync(SecurityEvents events, [FromQuery] string? cursor, [Range(1, 200)] int limit = 50)
    {
        if (cursor is not null && !cursor.All(c => char.IsAsciiDigit(c) || c == '-')) throw new InvalidFieldException("cursor", "is not a next_cursor that this list returned.");
        limit = Math.Clamp(limit, 1, 200);
        if (await events.ListAsync(cursor, limit + 1) is not { } rows)
            return new Refusal("service-unavailable", "The list is kept in Redis, which is away; the log has every event.").ToProblem(StatusCodes.Status503ServiceUnavailable);
        var page = rows.Take(limit).Select(row => new Event(row.Id, row.Event.At, row.Event.Kind, row.Event.Address, row.Event.Actor, row.Event.Route, row.Event.Detail, row.Event.Count)).ToArray();
        return TypedResults.Ok(new EventList(page, rows.Count > limit ? page[^1].Id : null));
    }
}
