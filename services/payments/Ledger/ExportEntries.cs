using System.Globalization;
using System.Text;
using System.Text.Json;
using Dapper;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Payments.Ledger;

/// <summary><c>GET /api/v1/ledger/export</c>: every line of the books, oldest first, as it is read: however large the books, the memory is that of one line.</summary>
public static class ExportEntries
{
    /// <summary>What begins so is a formula to a spreadsheet, also behind a break of line or a tabulator, and in the wide letters of East Asia.</summary>
    private const string RunBySpreadsheets = "=+-@\t\r\n＝＋－＠";

    /// <summary>Told to the client after so many lines.</summary>
    private const int FlushedEvery = 500;

    private static readonly string[] Columns =
    [
        "entry_id", "occurred_at", "cause", "description", "test", "position", "account", "currency", "debit", "credit", "piece_id", "publication_id", "product_id", "niche", "platform",
        "prompt_version", "customer_id", "payment_id",
    ];

    /// <param name="format">csv (the default) or json: one array.</param>
    /// <param name="from">First UTC day.</param>
    /// <param name="to">Last UTC day, included.</param>
    public static PushStreamHttpResult HandleAsync(string? format, DateOnly? from, DateOnly? to, Caller caller, Database db, CancellationToken ct)
    {
        var period = Period.Of(from, to);
        return (format ?? "csv") switch
        {
            "csv" => TypedResults.Stream(body => WriteCsvAsync(body, caller.Tenant, period, db, ct), "text/csv; charset=utf-8", "ledger.csv"),
            "json" => TypedResults.Stream(body => WriteJsonAsync(body, caller.Tenant, period, db, ct), "application/json", "ledger.json"),
            _ => throw new InvalidFieldException("format", "wanted: csv or json."),
        };
    }

    private static async Task WriteCsvAsync(Stream body, TenantId tenant, Period period, Database db, CancellationToken ct)
    {
        await using var text = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await text.WriteAsync(string.Join(',', Columns) + "\r\n");
        await using var work = await db.BeginAsync(tenant, ct);
        var written = 0;
        await foreach (var row in ReadAsync(work, period).WithCancellation(ct))
        {
            await text.WriteAsync(string.Join(',', row.Values.Select(Quoted)) + "\r\n");
            if (++written % FlushedEvery == 0) await text.FlushAsync(ct);
        }
    }

    private static async Task WriteJsonAsync(Stream body, TenantId tenant, Period period, Database db, CancellationToken ct)
    {
        await using var json = new Utf8JsonWriter(body);
        json.WriteStartArray();
        await using var work = await db.BeginAsync(tenant, ct);
        var written = 0;
        await foreach (var row in ReadAsync(work, period).WithCancellation(ct))
        {
            json.WriteStartObject();
            foreach (var (name, value) in Columns.Zip(row.Values))
            {
                if (value is null) json.WriteNull(name);
                else if (value is decimal amount) json.WriteNumber(name, amount);
                else if (value is bool truth) json.WriteBoolean(name, truth);
                else if (value is short number) json.WriteNumber(name, number);
                else json.WriteString(name, Plain(value));
            }
            json.WriteEndObject();
            if (++written % FlushedEvery == 0) await json.FlushAsync(ct);
        }
        json.WriteEndArray();
        await json.FlushAsync(ct);
    }

    private static IAsyncEnumerable<Row> ReadAsync(Work work, Period period) => work.Connection.QueryUnbufferedAsync<Row>(
        """
        select e.id, e.occurred_at, e.cause, e.description, e.test, l.position, l.account, l.currency, l.micros, e.piece_id, e.publication_id, e.product_id, e.niche, e.platform, e.prompt_version,
          e.customer_id, e.payment_id
        from ledger_entries e join ledger_lines l on l.entry_id = e.id
        where e.tenant_id = current_tenant() and (@Start::timestamptz is null or e.occurred_at >= @Start) and (@End::timestamptz is null or e.occurred_at < @End)
        order by e.occurred_at, e.id, l.position
        """, new { period.Start, period.End }, work.Transaction, commandTimeout: 0);

    private static string Quoted(object? value)
    {
        var text = value is null ? "" : Plain(value);
        if (value is string && text.Length > 0 && RunBySpreadsheets.Contains(text[0])) text = "'" + text;
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private static string Plain(object value) => value switch
    {
        string text => text,
        bool truth => truth ? "true" : "false",
        DateTimeOffset at => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    private sealed record Row
    {
        public Guid Id { get; init; }
        public DateTimeOffset OccurredAt { get; init; }
        public string Cause { get; init; } = "";
        public string Description { get; init; } = "";
        public bool Test { get; init; }
        public short Position { get; init; }
        public string Account { get; init; } = "";
        public string Currency { get; init; } = "";
        public long Micros { get; init; }
        public Guid? PieceId { get; init; }
        public Guid? PublicationId { get; init; }
        public Guid? ProductId { get; init; }
        public string? Niche { get; init; }
        public string? Platform { get; init; }
        public string? PromptVersion { get; init; }
        public Guid? CustomerId { get; init; }
        public Guid? PaymentId { get; init; }

        /// <summary>In the order of <see cref="Columns"/>.</summary>
        public IEnumerable<object?> Values =>
        [
            PublicId.Format(EntryTable.Prefix, Id), OccurredAt, Cause, Description, Test, Position, Account, Currency, Micros > 0 ? (decimal)Micros / Money.MicrosPerUnit : null,
            Micros < 0 ? -(decimal)Micros / Money.MicrosPerUnit : null, PieceId, PublicationId, ProductId, Niche, Platform, PromptVersion, CustomerId, PaymentId,
        ];
    }
}
