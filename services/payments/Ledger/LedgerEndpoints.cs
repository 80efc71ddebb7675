using Empire.Data;
using Empire.Http;
using Empire.Payments.Heard;
using Empire.Payments.Ledger.Rebuilding;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Payments.Ledger;

public static class LedgerEndpoints
{
    public static void MapLedger(this IEndpointRouteBuilder app)
    {
        var ledger = app.MapGroup("/api/v1/ledger").WithTags("Ledger");
        ledger.MapGet("/entries", ListEntries.HandleAsync).WithName("ListLedgerEntries");
        ledger.MapGet("/entries/{id}", ShowEntry.HandleAsync).WithName("GetLedgerEntry");
        ledger.MapGet("/accounts", ListAccounts.HandleAsync).WithName("ListLedgerAccounts");
        ledger.MapGet("/trial-balance", ReportTrialBalance.HandleAsync).WithName("GetTrialBalance");
        ledger.MapGet("/profit", ReportProfit.HandleAsync).WithName("GetProfit");
        ledger.MapGet("/summary", ReportSummary.HandleAsync).WithName("GetRevenueSummary");
        ledger.MapGet("/export", ExportEntries.HandleAsync).WithName("ExportLedger");
        ledger.MapGet("/drifts", ListDrifts.HandleAsync).WithName("ListDrifts");
        ledger.MapGet("/rates", ListRates.HandleAsync).WithName("ListRates");
        ledger.MapPut("/rates", SetRates.HandleAsync).WithName("SetRates").ForRoles("owner", "admin");
        ledger.MapPost("/rebuild", VerifyBooks.HandleAsync).WithName("VerifyBooks");
        ledger.MapPost("/income", RecordIncome.HandleAsync).WithName("RecordIncome").ForRoles("owner", "admin", "member", "service").WithIdempotencyKey();
        ledger.MapPost("/costs", RecordCost.HandleAsync).WithName("RecordCost").ForRoles("owner", "admin", "member", "service").WithIdempotencyKey();
    }
}

/// <summary><c>GET /api/v1/ledger/entries/{id}</c>: one entry with its lines.</summary>
public static class ShowEntry
{
    public static async Task<Results<Ok<LedgerEntry>, NotFound>> HandleAsync(string id, Caller caller, Database db, CancellationToken ct)
    {
        if (!PublicId.TryParse(EntryTable.Prefix, id, out var entry)) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return await EntryTable.FindAsync(work, entry, ct) is { } found ? TypedResults.Ok(found) : TypedResults.NotFound();
    }
}
