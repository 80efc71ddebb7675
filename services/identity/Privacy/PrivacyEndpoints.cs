using System.IO.Compression;
using System.Text;
using Empire.Configuration;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Members;
using Empire.Privacy;
using Empire.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Identity.Privacy;

public static class PrivacyEndpoints
{
    private static readonly Refusal NotReady = new("export-not-ready", "Not every service has answered yet. Look again in a minute.");
    private static readonly Refusal Gone = new("export-gone", "The export's time is over and its data deleted. Ask for a new one.");
    private static readonly Refusal Begun = new("erasure-begun", "It can no longer be cancelled.");

    public static WebApplicationBuilder AddPrivacy(this WebApplicationBuilder builder)
    {
        builder.AddSettings<PrivacyOptions>("Privacy");
        builder.Services.AddSingleton<PrivacyProcess>();
        builder.Services.AddHostedService<PrivacyWorker>();
        builder.Services.AddSealedColumn("privacy_requests", "id", "sealed_email", _ => PrivacyProcess.EmailPurpose);
        builder.Services.AddSealedColumn("privacy_parts", "request_id", "sealed_data", _ => PersonalDataHandler.Purpose);
        return builder;
    }

    public static void MapPrivacy(this WebApplication app)
    {
        var privacy = app.MapGroup("/api/v1/identity/privacy").WithTags("Privacy").ForEveryone();
        privacy.MapPost("/exports", AskPrivacy.ExportAsync).WithName("RequestExport").WithIdempotencyKey();
        privacy.MapGet("/exports/{id}", (string id, Caller caller, Database db, CancellationToken ct) => GetAsync(id, PrivacyRequest.Export, caller, db, ct)).WithName("GetExport");
        privacy.MapGet("/exports/{id}/download", DownloadAsync).WithName("DownloadExport");
        privacy.MapPost("/erasures", AskPrivacy.ErasureAsync).WithName("RequestErasure").WithIdempotencyKey();
        privacy.MapGet("/erasures/{id}", (string id, Caller caller, Database db, CancellationToken ct) => GetAsync(id, PrivacyRequest.Erasure, caller, db, ct)).WithName("GetErasure");
        privacy.MapDelete("/erasures/{id}", CancelAsync).WithName("CancelErasure");
    }

    private static async Task<Results<Ok<PrivacyView>, NotFound>> GetAsync(string id, string kind, Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        return await FindAsync(work, id, kind, caller, ct) is { } request ? TypedResults.Ok(PrivacyView.Of(request, await PrivacyTable.PartsAsync(work, request.Id, ct))) : TypedResults.NotFound();
    }

    /// <summary>One ZIP with a JSON file for each service; several accounts are folders.</summary>
    private static async Task<Results<FileContentHttpResult, NotFound, ProblemHttpResult>> DownloadAsync(
        string id, Caller caller, HttpContext context, Database db, Sealer sealer, IOptions<PrivacyOptions> options, TimeProvider clock, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        if (await FindAsync(work, id, PrivacyRequest.Export, caller, ct) is not { } request) return TypedResults.NotFound();
        var parts = await PrivacyTable.PartsAsync(work, request.Id, ct);
        if (request.WipedAt is not null || request.CompletedAt + options.Value.ExportKept <= clock.GetUtcNow()) return Gone.ToProblem(StatusCodes.Status410Gone);
        if (parts.Any(part => part.AnsweredAt is null)) return NotReady.ToProblem();
        var zip = Zip(parts, sealer);
        await work.ActForAsync(caller.Tenant, ct);
        work.Audit("export.downloaded", "person", PublicId.Format("usr", request.UserId), new { request = request.PublicId });
        await work.CommitAsync(ct);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.File(zip, "application/zip", $"{request.PublicId}.zip");
    }

    private static byte[] Zip(IReadOnlyList<PrivacyPart> parts, Sealer sealer)
    {
        var several = parts.Select(part => part.TenantId).Distinct().Skip(1).Any();
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var part in parts)
            {
                using var file = zip.CreateEntry($"{(several ? $"{new TenantId(part.TenantId)}/" : "")}{part.Service}.json").Open();
                file.Write(Encoding.UTF8.GetBytes(sealer.Open(part.SealedData!, PersonalDataHandler.Purpose)));
            }
        }
        return bytes.ToArray();
    }

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> CancelAsync(
        string id, Caller caller, HttpContext context, Database db, StillManages still, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        if (await FindAsync(work, id, PrivacyRequest.Erasure, caller, ct) is not { } request) return TypedResults.NotFound();
        if (await still.StandsAsync(work, caller, context, ct) is { } over) return over.ToProblem(StatusCodes.Status403Forbidden);
        if (request.State == "cancelled") return TypedResults.NoContent();
        if (request.State != "waiting") return Begun.ToProblem();
        await PrivacyTable.SetStateAsync(work, request.Id, "cancelled", null, ct);
        await work.ActForAsync(caller.Tenant, ct);
        work.Audit("erasure.cancelled", "person", PublicId.Format("usr", request.UserId), new { request = request.PublicId });
        await work.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private static async Task<PrivacyRequest?> FindAsync(Work work, string id, string kind, Caller caller, CancellationToken ct) =>
        PublicId.TryParse(kind == PrivacyRequest.Export ? "exp" : "era", id, out var request) && await PrivacyTable.LockAsync(work, request, kind, caller.Tenant, caller.Actor, caller.MayManage(), ct) is { } found
        && (caller.MayManage() || (caller.IsPerson(out var self) && self == found.UserId)) // who asked it of somebody as an admin sees no more of it when they are none
            ? found
            : null;
}

/// <param name="State">waiting, running, completed, cancelled or refused.</param>
/// <param name="DueAt">An erasure begins then, and can be cancelled until then.</param>
/// <param name="Detail">Why it was refused.</param>
/// <example>{"id": "exp_0199f3a17c5b7d3e8a4b5c6d7e8f9042", "state": "completed", "created_at": "2026-03-02T08:00:00+00:00", "due_at": "2026-03-02T08:00:00+00:00",
/// "completed_at": "2026-03-02T08:00:03+00:00", "detail": null, "services": [{"account": "ten_0199f3a17c5b7d3e8a4b5c6d7e8f9013", "service": "acquisition", "state": "done",
/// "answered_at": "2026-03-02T08:00:01+00:00", "rows": null}, {"account": "ten_0199f3a17c5b7d3e8a4b5c6d7e8f9013", "service": "analytics", "state": "done",
/// "answered_at": "2026-03-02T08:00:02+00:00", "rows": null}, {"account": "ten_0199f3a17c5b7d3e8a4b5c6d7e8f9013", "service": "autopilot", "state": "done",
/// "answered_at": "2026-03-02T08:00:03+00:00", "rows": null}, {"account": "ten_0199f3a17c5b7d3e8a4b5c6d7e8f9013", "service": "content", "state": "done",
/// "answered_at": "2026-03-02T08:00:01+00:00", "rows": null}, {"account": "ten_0199f3a17c5b7d3e8a4b5c6d7e8f9013", "service": "identity", "state": "done",
/// "answered_at": "2026-03-02T08:00:02+00:00", "rows": null}, {"account": "ten_0199f3a17c5b7d3e8a4b5c6d7e8f9013", "service": "payments", "state": "done",
/// "answered_at": "2026-03-02T08:00:03+00:00", "rows": null}, {"account": "ten_0199f3a17c5b7d3e8a4b5c6d7e8f9013", "service": "publishing", "state": "done",
/// "answered_at": "2026-03-02T08:00:01+00:00", "rows": null}, {"account": "ten_0199f3a17c5b7d3e8a4b5c6d7e8f9013", "service": "telemetry", "state": "done",
/// "answered_at": "2026-03-02T08:00:02+00:00", "rows": null}]}</example>
public sealed record PrivacyView(string Id, string State, DateTimeOffset CreatedAt, DateTimeOffset DueAt, DateTimeOffset? CompletedAt, string? Detail, IReadOnlyList<PrivacyView.Part> Services)
{
    /// <param name="Rows">An erasure's: how many were erased or anonymised.</param>
    public sealed record Part(string Account, string Service, string State, DateTimeOffset? AnsweredAt, int? Rows);

    internal static PrivacyView Of(PrivacyRequest request, IReadOnlyList<PrivacyPart> parts)
    {
        var over = request.State == "running" && parts.Count > 0 && parts.All(part => part.AnsweredAt is not null); // the worker's next turn writes it down
        return new(
            request.PublicId, over ? "completed" : request.State, request.CreatedAt, request.DueAt, request.CompletedAt ?? (over ? parts.Max(part => part.AnsweredAt) : null), request.Detail,
            [.. parts.Select(part => new Part(new TenantId(part.TenantId).ToString(), part.Service, part.AnsweredAt is null ? "asked" : "done", part.AnsweredAt, part.RowCount))]);
    }
}
