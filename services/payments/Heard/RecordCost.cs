using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Empire.Contracts;
using Empire.Data;
using Empire.Http;
using Empire.Payments.Ledger;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Payments.Heard;

/// <summary><c>POST /api/v1/ledger/costs</c>: enters a cost that no part of Empire knows of by itself, as a bill for hosting. It is booked, and told to all who reckon with costs.</summary>
/// <remarks>What a campaign's advertising costs is entered with the campaign, which then reckons with it too.</remarks>
public static class RecordCost
{
    /// <example>{"kind": "hosting", "amount": 41.65, "payee": "Example Cloud", "reference": "invoice 2026-03-118", "description": "Servers in March", "currency": "USD", "spent_on": "2026-03-31"}</example>
    /// <param name="Kind">What for; its account is <c>cost:{kind}</c>.</param>
    /// <param name="Amount">Up to six decimals; negative for a credit note, and to take back what was entered too high, under a reference of its own.</param>
    /// <param name="Payee">Who is paid.</param>
    /// <param name="Reference">The payee's own: the number of the bill, and its line where one bill is entered in parts. A reference of a payee is booked once for ever; what is only tried does not count.</param>
    /// <param name="Description">For people, in one line.</param>
    /// <param name="Currency">ISO 4217; without it USD.</param>
    /// <param name="SpentOn">UTC day; without it today.</param>
    /// <param name="Test">True for an entry that is only tried.</param>
    public sealed record Request(
        [Required, OneOf("hosting", "mail", "ads", "gpu", "llm", "post", "voice", "video", "image", "fee", "other")] string Kind, decimal Amount, [Required, StringLength(100)] string Payee,
        [Required, StringLength(100)] string Reference, [Required, StringLength(300)] string Description, Currency? Currency = null, DateOnly? SpentOn = null, Guid? PieceId = null,
        Guid? PublicationId = null, Guid? ProductId = null, string? Niche = null, string? Platform = null, bool Test = false);

    public static async Task<Results<Created<LedgerEntry>, Ok<LedgerEntry>, ProblemHttpResult>> HandleAsync(Request request, Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var cost = CostOf(request, caller.Tenant, work.Now);
        var isNew = await HeardEvents.BookAsync(work, cost.CostId, cost, cost.OccurredAt, HeardBookings.Of(cost), ct);
        var stands = isNew ? cost : (await HeardEvents.FindAsync<CostIncurred>(work, cost.CostId, ct))!;
        if ((stands.Micros, stands.Currency, stands.Category, stands.Test) != (cost.Micros, cost.Currency, cost.Category, cost.Test) || (request.SpentOn is not null && stands.OccurredAt != cost.OccurredAt))
            return new Refusal("cost-recorded-otherwise",
                $"{request.Reference} of {request.Payee} is booked as {new Money(stands.Micros, Currency.Parse(stands.Currency))} for {stands.Category} on {stands.OccurredAt:yyyy-MM-dd}{(stands.Test ? ", as a trial" : "")}.").ToProblem();
        var entry = (await EntryTable.FindAsync(work, Book.IdOf(caller.Tenant, HeardBookings.Of(stands)!.Cause), ct))!;
        if (!isNew) return TypedResults.Ok(entry);
        work.Publish(cost); // our own queue hears it too, and finds it booked
        work.Audit("cost.recorded", "entry", entry.Id, new { request.Kind, request.Amount, Currency = cost.Currency, request.Payee, request.Reference });
        await work.CommitAsync(ct);
        return TypedResults.Created($"/api/v1/ledger/entries/{entry.Id}", entry);
    }

    private static CostIncurred CostOf(Request request, TenantId tenant, DateTimeOffset now)
    {
        var (amount, day) = (Entered.Amount(request.Amount, request.Currency), Entered.Day("spent_on", request.SpentOn, now));
        var (payee, reference, description) = (Entered.Line("payee", request.Payee), Entered.Line("reference", request.Reference), Entered.Line("description", request.Description));
        return new()
        {
            TenantId = tenant.Value, CostId = IdOf(tenant, payee, reference, request.Test), Category = request.Kind, Micros = amount.Micros,
            Currency = amount.Currency.Code, PieceId = request.PieceId, PublicationId = request.PublicationId, ProductId = request.ProductId,
            Niche = Entered.Name("niche", request.Niche), Platform = Entered.Name("platform", request.Platform),
            Description = $"{payee} {reference}: {description}", Test = request.Test, OccurredAt = day,
        };
    }

    /// <summary>Of what must not be booked twice, so that two requests at once meet in one row.</summary>
    private static Guid IdOf(TenantId tenant, string payee, string reference, bool test)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}\ncost\n{payee.ToUpperInvariant()}\n{reference}{(test ? "\ntest" : "")}")); // a bill that was tried is still to be booked
        return new(hash.AsSpan(0, 16), bigEndian: true);
    }
}
