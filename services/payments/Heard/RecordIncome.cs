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
    private const decimal Most = 1_000_000_000m;

    /// <example>{"source": "sponsored", "amount": 250.00, "payer": "Harbour Roasters", "description": "A page about cold brew", "currency": "USD"}</example>
    /// <param name="Source">ads or sponsored.</param>
    /// <param name="Amount">Up to six decimals; negative takes back what was entered too high.</param>
    /// <param name="Payer">The advertising network or the sponsor.</param>
    /// <param name="Description">For people, in one line.</param>
    /// <param name="Currency">ISO 4217; without it USD.</param>
    /// <param name="OccurredAt">Without it now.</param>
    /// <param name="Test">True for an entry that is only tried.</param>
    public sealed record Request(
        [Required, OneOf("ads", "sponsored")] string Source, decimal Amount, [Required, StringLength(100)] string Payer, [Required, StringLength(500)] string Description,
        Currency? Currency = null, DateTimeOffset? OccurredAt = null, Guid? PieceId = null, Guid? PublicationId = null, Guid? ProductId = null, string? Niche = null,
        string? Platform = null, bool Test = false);

    public static async Task<Results<Created<LedgerEntry>, ProblemHttpResult>> HandleAsync(
        Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, Caller caller, Database db, CancellationToken ct)
    {
        var amount = Check(request);
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var at = request.OccurredAt?.ToUniversalTime() ?? work.Now;
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

    private static Money Check(Request request)
    {
        if (request.Source is not ("ads" or "sponsored")) throw new InvalidFieldException("source", "wanted: ads or sponsored.");
        if (request.Amount == 0 || Math.Abs(request.Amount) > Most) throw new InvalidFieldException("amount", $"wanted: not 0, and at most {Most:0} either way.");
        if (decimal.Round(request.Amount, 6) != request.Amount) throw new InvalidFieldException("amount", "wanted: at most six decimals.");
        if (request.Payer is not { Length: >= 1 and <= 100 }) throw new InvalidFieldException("payer", "wanted: 1 to 100 characters.");
        if (request.Description is not { Length: >= 1 and <= 500 } || request.Description.Any(char.IsControl)) throw new InvalidFieldException("description", "wanted: one line of 1 to 500 characters.");
        if (request.Niche is { Length: 0 or > 100 }) throw new InvalidFieldException("niche", "wanted: 1 to 100 characters.");
        if (request.Platform is { Length: 0 or > 100 }) throw new InvalidFieldException("platform", "wanted: 1 to 100 characters.");
        return Money.Of(request.Amount, request.Currency ?? Empire.Currency.Usd);
    }

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
