using System.Text.Json;
using Empire.Data;
using Empire.Http;
using Microsoft.Extensions.Options;

namespace Empire.Payments.Intake;

/// <summary>Takes in what the log holds: object by object, an object's events the oldest first, in as many transactions at once as there are workers; of several objects in
/// one, when several wait; beside that, one question at a time to each provider. Safe in several replicas. A provider that is kept waiting sends again, and what is stored can wait: while webhooks wait to be stored, all workers but one stand back.</summary>
public sealed partial class TaskWorker(Database db, IEnumerable<PaymentProvider> providers, EventLog events, TaskSignal signal, IOptions<IntakeOptions> options, ILogger<TaskWorker> log) : BackgroundService
{
    private readonly Dictionary<string, PaymentProvider> byName = providers.ToDictionary(provider => provider.Name);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Value.Concurrency).Select(slot => LoopAsync(SettleSomeAsync, standsBack: slot > 0, stoppingToken))
            .Concat(byName.Keys.Select(provider => LoopAsync(ct => FetchOneAsync(provider, ct), standsBack: false, stoppingToken)))); // one that is slow keeps no other waiting

    private async Task LoopAsync(Func<CancellationToken, Task<bool>> step, bool standsBack, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var busy = false;
            try
            {
                if (standsBack && events.IsPressed) await Task.Delay(options.Value.StandBack, stoppingToken);
                else busy = await step(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogFailed(log, e); }
            catch (OperationCanceledException) { return; }
            if (busy) signal.Set(); // there may be more, for the others too
            else if (!standsBack || !events.IsPressed) await signal.WaitAsync(options.Value.PollEvery, stoppingToken);
        }
    }

    /// <returns>False when there was nothing to do.</returns>
    internal async Task<bool> SettleSomeAsync(CancellationToken ct)
    {
        IReadOnlyList<SettleTask> tasks = [];
        try
        {
            await using var work = await db.BeginSystemAsync(ct);
            work.NothingToAudit();
            if (await TaskTable.ClaimObjectsAsync(work, options.Value.ObjectsAtOnce, ct) is not { Count: > 0 } objects) return false;
            tasks = await TaskTable.OfObjectsAsync(work, objects, ct);
            // Of several that were taken up when the process ended nobody knows which ended it: each is taken alone, so that it alone is counted.
            if (tasks.FirstOrDefault(task => task.Takings > 0) is { } suspect) tasks = [suspect];
            if (tasks is [{ } deadly] && deadly.Takings >= options.Value.MostTakings)
                await PostponeAsync(work, deadly.Id, deadly.Attempts, deadly.FirstTriedAt, Ended(deadly.Takings), ct, atOnce: true);
            else
            {
                await TaskTable.CountTakingsAsync(db, tasks, ct);
                FaultPoint.Pass("payments.taking");
                await SettleAllAsync(work, tasks, ct);
            }
            FaultPoint.Pass("payments.before-settled");
            await work.CommitAsync(ct);
        }
        catch
        {
            await ForgetTakingsAsync(tasks.Select(task => task.Id));
            throw;
        }
        FaultPoint.Pass("payments.settled");
        return true;
    }

    private async Task SettleAllAsync(Work work, IReadOnlyList<SettleTask> tasks, CancellationToken ct)
    {
        foreach (var task in tasks)
        {
            try
            {
                if (!await work.TryPartAsync(() => SettleAsync(work, task, ct), ct))
                    await PostponeAsync(work, task.Id, task.Attempts, task.FirstTriedAt, $"{task.Kind} speaks of nothing that is known here.", ct);
            }
            catch (Exception e) when (e is not OperationCanceledException && work.Connection.State == System.Data.ConnectionState.Open)
            {
                LogNotTaken(log, task.Provider, task.Kind, task.Subject, e);
                await PostponeAsync(work, task.Id, task.Attempts, task.FirstTriedAt, e.Message, ct, atOnce: e is JsonException or FormatException);
            }
        }
    }

    private async Task<bool> SettleAsync(Work work, SettleTask task, CancellationToken ct)
    {
        var meaning = byName[task.Provider].Translate(task.Event);
        foreach (var fact in meaning.Facts)
            if (!await Settlement.TakeAsync(work, fact, ct)) return false;
        foreach (var path in meaning.ToFetch) await TaskTable.FetchLaterAsync(work, task.Provider, path, task.ObjectKey, ct);
        await TaskTable.DoneAsync(work, task.Id, ct);
        return true;
    }

    internal async Task<bool> FetchOneAsync(string provider, CancellationToken ct)
    {
        FetchTask task;
        await using (var claim = await db.BeginSystemAsync(ct))
        {
            claim.NothingToAudit();
            if (await TaskTable.ClaimFetchAsync(claim, provider, ct) is not { } claimed) return false;
            task = claimed;
            await claim.CommitAsync(ct);
        }
        IReadOnlyList<ProviderEvent>? answers = null;
        string? problem = null;
        var off = false;
        try
        {
            if (task.Takings >= options.Value.MostTakings) (problem, off) = (Ended(task.Takings), true);
            else answers = await byName[task.Provider].FetchAsync(task.Subject, ct);
        }
        catch (ProviderException e)
        {
            (problem, off) = (e.Message, e.IsOff);
        }
        catch (JsonException e)
        {
            problem = $"The answer cannot be read: {e.Message}";
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is not System.Data.Common.DbException) // an answer beyond every bound: it is waited with as with any other, in sight
        {
            LogNotFetched(log, provider, task.Subject, e);
            problem = $"The answer cannot be taken: {e.Message}";
        }
        catch
        {
            await ForgetTakingsAsync([task.Id]);
            throw;
        }
        FaultPoint.Pass("payments.fetched");
        await using var work = await db.BeginSystemAsync(ct);
        work.NothingToAudit();
        if (answers is null) await PostponeAsync(work, task.Id, task.Attempts, task.FirstTriedAt, problem!, ct, atOnce: off, generation: task.Generation); // a person who switches it on again has it asked by a retry
        else
        {
            foreach (var answer in answers) await events.StoreAsync(work, answer, ct);
            await TaskTable.DoneAsync(work, task.Id, ct, task.Generation);
        }
        await work.CommitAsync(ct);
        return true;
    }

    /// <summary>This process lives, so it was none of these that would have ended it. Where it cannot be written they are taken one by one next time.</summary>
    private async Task ForgetTakingsAsync(IEnumerable<long> ids)
    {
        try { await TaskTable.ForgetTakingsAsync(db, ids); }
        catch (Exception e) { LogFailed(log, e); }
    }

    private static string Ended(int takings) => $"The process ended {takings} times while this was taken in.";

    private Task PostponeAsync(Work work, long id, int attempts, DateTimeOffset? firstTriedAt, string problem, CancellationToken ct, bool atOnce = false, int generation = 0)
    {
        var wait = TimeSpan.FromTicks(Math.Min(options.Value.RetryAfter.Ticks << Math.Min(attempts, 12), TimeSpan.FromHours(1).Ticks));
        var parked = atOnce || work.Now - (firstTriedAt ?? work.Now) >= options.Value.GiveUpAfter;
        if (parked) LogParked(log, id, problem);
        return TaskTable.PostponeAsync(work, id, problem, work.Now + wait, parked, ct, generation);
    }

    [LoggerMessage(1, LogLevel.Error, "A round of the payments' intake failed")]
    private static partial void LogFailed(ILogger log, Exception e);

    [LoggerMessage(2, LogLevel.Warning, "{Provider} told {Kind} {EventId}, which could not be taken in; it is tried again")]
    private static partial void LogNotTaken(ILogger log, string provider, string kind, string eventId, Exception e);

    [LoggerMessage(4, LogLevel.Warning, "What {Provider} answered to {Path} could not be taken; it is asked again")]
    private static partial void LogNotFetched(ILogger log, string provider, string path, Exception e);

    [LoggerMessage(3, LogLevel.Error, "Task {Task} of the payments' intake is given up until a person looks: {Problem}")]
    private static partial void LogParked(ILogger log, long task, string problem);
}
