using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Empire.Contracts;
using Empire.Data;
using Empire.Http;
using Empire.Payments.Ledger;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Payments.Heard;

/// <summary><c>POST /api/v1/ledger/income</c>: a person enters income that no program reports.</summary>
public static class RecordIncome
{
    /// <example>{"source": "sponsored", "amount": 250.00, "payer": "Harbour Roasters", "description": "A page about cold brew", "currency": "USD"}</example>
    /// <param name="Source">ads or sponsored.</param>
    /// <param name="Amount">Up to six decimals; negative takes back what was entered too high.</param>
    /// <param name="Payer">The advertising network or the sponsor.</param>
    /// <param name="Description">For people, in one line.</param>
    /// <param name="Currency">ISO 4217; without it USD.</param>
    /// <param name="OccurredAt">When it was earned; without it now.</param>
    /// <param name="Test">True for an entry that is only tried.</param>
    public sealed record Request(
        [Required, OneOf("ads", "sponsored")] string Source, decimal Amount, [Required, StringLength(100)] string Payer, [Required, StringLength(500)] string Description,
        Currency? Currency = null, DateTimeOffset? OccurredAt = null, Guid? PieceId = null, Guid? PublicationId = null, Guid? ProductId = null, string? Niche = null,
        string? Platform = null, bool Test = false);

    public static async Task<Results<Created<LedgerEntry>, ProblemHttpResult>> HandleAsync(
        Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        (request, var amount, var at) = Check(request, work.Now);
        var id = idempotencyKey is null ? Guid.CreateVersion7(work.Now) : IdOf(caller.Tenant, idempotencyKey);
        var booking = request.Source == "ads"
            ? await BookAsync(work, id, AdRevenue(request, id, caller.Tenant, amount, at), at, HeardBookings.Of, ct)
            : await BookAsync(work, id, Sponsored(request, id, caller.Tenant, amount, at), at, HeardBookings.Of, ct);
        if (booking.Lines[0].Amount != amount) return new Refusal("idempotency-key-reused", "This key was used for another entry; a new entry needs a new key.").ToProblem(422);
        var entry = (await EntryTable.FindAsync(work, Book.IdOf(caller.Tenant, booking.Cause), ct))!;
        work.Audit("income.recorded", "entry", entry.Id, new { request.Source, request.Amount, amount.Currency.Code });
        await work.CommitAsync(ct);
        return TypedResults.Created($"/api/v1/ledger/entries/{entry.Id}", entry);
    }

    /// <returns>What stands in the books under this id: of the first time, where it was entered before.</returns>
    private static async Task<Booking> BookAsync<TFact>(Work work, Guid id, TFact fact, DateTimeOffset at, Func<TFact, Booking?> of, CancellationToken ct) where TFact : class =>
        await HeardEvents.BookAsync(work, id, fact, at, of(fact), ct) ? of(fact)! : of((await HeardEvents.FindAsync<TFact>(work, id, ct))!)!;

    private static (Request Request, Money Amount, DateTimeOffset At) Check(Request request, DateTimeOffset now) => (request with
    {
        Payer = Entered.Line("payer", request.Payer),
        Description = Entered.Line("description", request.Description),
        Niche = Entered.Name("niche", request.Niche),
        Platform = Entered.Name("platform", request.Platform),
    }, Entered.Amount(request.Amount, request.Currency), Entered.Moment("occurred_at", request.OccurredAt, now));

    private static AdRevenueReported AdRevenue(Request request, Guid id, TenantId tenant, Money amount, DateTimeOffset at) => new()
    {
        TenantId = tenant.Value, AdRevenueId = id, Network = request.Payer, Micros = amount.Micros, Currency = amount.Currency.Code, PieceId = request.PieceId,
        PublicationId = request.PublicationId, ProductId = request.ProductId, Niche = request.Niche, Platform = request.Platform, Description = request.Description, Test = request.Test, OccurredAt = at,
    };

    private static SponsoredIncomeRecorded Sponsored(Request request, Guid id, TenantId tenant, Money amount, DateTimeOffset at) => new()
    {
        TenantId = tenant.Value, SponsoredIncomeId = id, Sponsor = request.Payer, Micros = amount.Micros, Currency = amount.Currency.Code, PieceId = request.PieceId,
        PublicationId = request.PublicationId, ProductId = request.ProductId, Niche = request.Niche, Platform = request.Platform, Description = request.Description, Test = request.Test, OccurredAt = at,
    };

    /// <summary>Of the client's key, so that a repeat finds the first even where its answer was never stored.</summary>
    private static Guid IdOf(TenantId tenant, string key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}\nincome\n{key}"));
        return new(hash.AsSpan(0, 16), bigEndian: true);
    }
}
