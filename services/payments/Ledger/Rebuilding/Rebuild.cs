using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Empire.Data;
using Npgsql;
using NpgsqlTypes;

namespace Empire.Payments.Ledger.Rebuilding;

/// <summary>An entry that books and facts tell differently.</summary>
/// <param name="Books">As it stands in the books; null where it is missing there.</param>
/// <param name="Rebuilt">As the facts make it; null where no fact does.</param>
public sealed record Difference(Guid EntryId, string? Books, string? Rebuilt);

/// <summary>What came of making the books anew.</summary>
/// <param name="Differences">The first of them, in the order of entries' ids.</param>
public sealed record RebuildResult(bool Equal, long Entries, long Rebuilt, string BooksSha256, string RebuiltSha256, IReadOnlyList<Difference> Differences, TimeSpan Elapsed);

/// <summary>Makes the books of an account anew from the raw logs, beside the real ones, and holds the two against each other byte for byte. The real books are only read.</summary>
public sealed class Rebuild(Database db, IEnumerable<IBookingSource> sources)
{
    private const int BatchSize = 5_000, Shown = 10;

    public async Task<RebuildResult> VerifyAsync(TenantId tenant, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        await using var shadow = await db.BeginSystemAsync(ct);
        await using var books = await db.BeginSystemAsync(ct);
        await SameMomentAsync(shadow, books, tenant, ct);
        await shadow.ExecuteAsync("create temporary table rebuilt (id uuid not null, ordinal bigint not null, entry text not null) on commit drop", ct: ct);
        await FillAsync(shadow, books, tenant, ct);
        await shadow.ExecuteAsync("analyze rebuilt", ct: ct);
        return await CompareAsync(shadow, books, started, ct);
    }

    /// <summary>A booking that commits meanwhile is in neither.</summary>
    private static async Task SameMomentAsync(Work shadow, Work books, TenantId tenant, CancellationToken ct)
    {
        const string settings = "set local statement_timeout = 0; set local work_mem = '128MB'; set local jit = off";
        await shadow.ExecuteAsync($"set transaction isolation level repeatable read; {settings}", ct: ct);
        var moment = await shadow.QuerySingleAsync<string>("select pg_export_snapshot()", ct: ct);
        await books.ExecuteAsync($"set transaction isolation level repeatable read; set transaction snapshot '{moment}'; {settings}", ct: ct); // hexadecimal digits and dashes; it takes no parameter
        await shadow.ActForAsync(tenant, ct);
        await books.ActForAsync(tenant, ct);
    }

    /// <summary>Reading and writing overlap: the next batch is made while the last one is copied.</summary>
    private async Task FillAsync(Work shadow, Work books, TenantId tenant, CancellationToken ct)
    {
        var batches = Channel.CreateBounded<List<(Guid Id, string Entry)>>(2);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAll(Task.Run(() => CancellingAsync(MakeAsync), ct), CancellingAsync(CopyAsync));

        async Task MakeAsync()
        {
            var batch = new List<(Guid, string)>(BatchSize);
            foreach (var source in sources)
            {
                await foreach (var booking in source.ReadAsync(books, failed.Token).WithCancellation(failed.Token))
                {
                    batch.Add((Book.IdOf(tenant, booking.Cause), CanonicalText.Of(booking)));
                    if (batch.Count < BatchSize) continue;
                    await batches.Writer.WriteAsync(batch, failed.Token);
                    batch = new(BatchSize);
                }
            }
            await batches.Writer.WriteAsync(batch, failed.Token);
            batches.Writer.Complete();
        }

        async Task CopyAsync()
        {
            var ordinal = 0L;
            await using var copy = await shadow.Connection.BeginBinaryImportAsync("copy rebuilt (id, ordinal, entry) from stdin (format binary)", failed.Token);
            await foreach (var batch in batches.Reader.ReadAllAsync(failed.Token))
            {
                foreach (var (id, entry) in batch)
                {
                    await copy.StartRowAsync(failed.Token);
                    await copy.WriteAsync(id, NpgsqlDbType.Uuid, failed.Token);
                    await copy.WriteAsync(ordinal++, NpgsqlDbType.Bigint, failed.Token);
                    await copy.WriteAsync(entry, NpgsqlDbType.Text, failed.Token);
                }
            }
            await copy.CompleteAsync(failed.Token);
        }

        // One side's fault must not leave the other waiting for it.
        async Task CancellingAsync(Func<Task> side)
        {
            try { await side(); }
            catch
            {
                await failed.CancelAsync();
                throw;
            }
        }
    }

    private static async Task<RebuildResult> CompareAsync(Work shadow, Work books, long started, CancellationToken ct)
    {
        await using var mine = Standing(books, ct).GetAsyncEnumerator(ct);
        await using var made = Made(shadow, ct).GetAsyncEnumerator(ct);
        using var mineHash = new Fingerprint();
        using var madeHash = new Fingerprint();
        var differences = new List<Difference>();
        var (haveMine, haveMade) = (await mine.MoveNextAsync(), await made.MoveNextAsync());
        while (haveMine || haveMade)
        {
            var order = !haveMade ? -1 : !haveMine ? 1 : Order(mine.Current.Id, made.Current.Id);
            var (left, right) = (order <= 0 ? mine.Current.Entry : null, order >= 0 ? made.Current.Entry : null);
            if (left != right && differences.Count < Shown) differences.Add(new(order <= 0 ? mine.Current.Id : made.Current.Id, left, right));
            if (left is not null)
            {
                mineHash.Add(left);
                haveMine = await mine.MoveNextAsync();
            }
            if (right is not null)
            {
                madeHash.Add(right);
                haveMade = await made.MoveNextAsync();
            }
        }
        var (stands, rebuilt) = (mineHash.ToString(), madeHash.ToString());
        return new(differences.Count == 0 && stands == rebuilt, mineHash.Entries, madeHash.Entries, stands, rebuilt, differences, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>As the database orders UUIDs: by their bytes.</summary>
    private static int Order(Guid a, Guid b)
    {
        Span<byte> left = stackalloc byte[16], right = stackalloc byte[16];
        a.TryWriteBytes(left, bigEndian: true, out _);
        b.TryWriteBytes(right, bigEndian: true, out _);
        return left.SequenceCompareTo(right);
    }

    private static async IAsyncEnumerable<(Guid Id, string Entry)> Made(Work shadow, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select id, entry from rebuilt order by id, ordinal", shadow.Connection, shadow.Transaction) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(ct);
        Guid? last = null;
        while (await reader.ReadAsync(ct))
        {
            var id = reader.GetGuid(0);
            if (id == last) continue; // the first of a cause stands
            last = id;
            yield return (id, reader.GetString(1));
        }
    }

    private static async IAsyncEnumerable<(Guid Id, string Entry)> Standing(Work books, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select e.id, e.cause, e.occurred_at, e.description, e.test, e.piece_id, e.publication_id, e.product_id, e.niche, e.platform, e.prompt_version, e.customer_id, e.payment_id,
              l.position, l.account, l.currency, l.micros
            from ledger_entries e left join ledger_lines l on l.entry_id = e.id
            where e.tenant_id = current_tenant() order by e.id, l.position
            """, books.Connection, books.Transaction)
        { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var (id, text) = (Guid.Empty, new StringBuilder(256));
        while (await reader.ReadAsync(ct))
        {
            var next = reader.GetGuid(0);
            if (next != id)
            {
                if (id != Guid.Empty) yield return (id, text.ToString());
                id = next;
                text.Clear();
                CanonicalText.Head(text, reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetString(3), reader.GetBoolean(4), LineageOf(reader));
            }
            if (!reader.IsDBNull(13)) CanonicalText.Line(text, reader.GetInt16(13), reader.GetString(14), reader.GetString(15), reader.GetInt64(16));
        }
        if (id != Guid.Empty) yield return (id, text.ToString());
    }

    private static Lineage LineageOf(NpgsqlDataReader reader)
    {
        return new()
        {
            PieceId = Id(5), PublicationId = Id(6), ProductId = Id(7), Niche = Text(8), Platform = Text(9), PromptVersion = Text(10), CustomerId = Id(11), PaymentId = Id(12),
        };

        Guid? Id(int at) => reader.IsDBNull(at) ? null : reader.GetGuid(at);
        string? Text(int at) => reader.IsDBNull(at) ? null : reader.GetString(at);
    }

    /// <summary>SHA-256 over all entries in the order of their ids.</summary>
    private sealed class Fingerprint : IDisposable
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private byte[] bytes = new byte[1024];

        public long Entries { get; private set; }

        public void Add(string entry)
        {
            var needed = Encoding.UTF8.GetMaxByteCount(entry.Length);
            if (bytes.Length < needed) bytes = new byte[needed];
            hash.AppendData(bytes, 0, Encoding.UTF8.GetBytes(entry, bytes));
            Entries++;
        }

        public override string ToString() => Convert.ToHexStringLower(hash.GetCurrentHash());

        public void Dispose() => hash.Dispose();
    }
}
