using Empire.Content.Llm;
using Empire.Content.Prompts;
using Empire.Content.Review;
using Empire.Http;
using Microsoft.Extensions.Options;

namespace Empire.Content.Pieces;

public enum WritingOutcome
{
    Generated,
    Failed,

    /// <summary>The day's budget does not cover the next call. The piece is still held: its holder decides what becomes of it.</summary>
    OverBudget,

    /// <summary>Another worker has taken the piece over.</summary>
    Lost,
}

/// <param name="Refusal">Set with <see cref="WritingOutcome.OverBudget"/>.</param>
public sealed record Writing(WritingOutcome Outcome, Refusal? Refusal = null);

/// <summary>Writes one piece: asks the models of its route in order, each up to the set number of times, until a reply passes the review.</summary>
/// <remarks>Every call is paid for through <see cref="CallBook"/>: reserved before it goes out, settled with what it cost. A crash in between costs the reserved
/// amount and one more call, and changes nothing else.</remarks>
public sealed partial class PieceWriter(
    CallBook book, ModelRouter router, ModelCall models, PromptLibrary prompts, PieceKinds kinds, IOptions<LlmOptions> llm, IOptions<GenerationOptions> generation,
    GenerationMeter meter, TimeProvider clock, ILogger<PieceWriter> log)
{
    /// <param name="piece">Held by the caller, as of its claim.</param>
    public async Task<Writing> WriteAsync(Piece piece, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        try
        {
            var writing = await TryWriteAsync(piece, ct);
            meter.Record(piece.Kind, writing.Outcome, clock.GetElapsedTime(started));
            return writing;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await book.PutBackAsync(piece, clock.GetUtcNow(), CancellationToken.None);
            throw;
        }
    }

    public Task PutBackAsync(Piece piece, DateTimeOffset dueAt, CancellationToken ct) => book.PutBackAsync(piece, dueAt, ct);

    /// <summary>Gives the piece up, if it is still held.</summary>
    public async Task<Writing> FailAsync(Piece piece, string reason)
    {
        LogFailed(log, piece.Id, piece.PromptName, reason);
        return new(await book.FailAsync(piece, reason) ? WritingOutcome.Failed : WritingOutcome.Lost);
    }

    private async Task<Writing> TryWriteAsync(Piece piece, CancellationToken ct)
    {
        await book.BookLostCallsAsync(piece, ct);
        if (piece.Abandoned >= generation.Value.LongestTries) return await FailAsync(piece, $"Given up: {generation.Value.LongestTries} workers have died over it.");
        var prompt = prompts.Get(piece.Kind, piece.PromptVersion);
        var lastFault = "";
        IReadOnlyList<Model> route;
        try { route = router.Route(prompt.Route, piece.Niche); }
        catch (ProviderException e) when (e.IsOff) { return await FailAsync(piece, e.Message); }
        foreach (var model in route)
        {
            IReadOnlyList<Objection> objections = [];
            for (var attempt = 1; attempt <= llm.Value.Attempts; attempt++)
            {
                var question = prompt.For(piece.Brief, objections, model);
                var reservation = await book.ReserveAsync(piece, model, question.CeilingAt(model), ct);
                if (reservation.Call is not { } call) return new(reservation.Refusal is null ? WritingOutcome.Lost : WritingOutcome.OverBudget, reservation.Refusal);
                FaultPoint.Pass("content.reserved");
                var answer = await AskAsync(piece, call, model, question, reservation.StartsAt, ct);
                FaultPoint.Pass("content.called");
                var (draft, faults) = answer is LlmAnswer.Reply reply ? Review(piece, prompt, reply) : (null, []);
                var held = await book.SettleAsync(piece, call, model, answer, draft, kinds.Get(piece.Kind));
                FaultPoint.Pass("content.settled");
                if (!held) return new(WritingOutcome.Lost);
                if (draft is not null) return new(WritingOutcome.Generated);
                (objections, lastFault) = (faults, Fault(model, answer, faults));
                if (answer is LlmAnswer.Reply) LogRejected(log, piece.Id, model.Id, attempt, lastFault);
                else if (attempt == llm.Value.Attempts || WaitAfter(answer, attempt) is not { } wait) break;
                else await WaitAsync(piece, model, attempt, wait, lastFault, ct);
            }
        }
        return await FailAsync(piece, lastFault);
    }

    /// <summary>Waits for the call's place in the provider's window, then makes it. A call that was stopped before it went out costs nothing.</summary>
    private async Task<LlmAnswer> AskAsync(Piece piece, Guid call, Model model, Question question, DateTimeOffset startsAt, CancellationToken ct)
    {
        try
        {
            if (startsAt - clock.GetUtcNow() is { Ticks: > 0 } wait)
            {
                LogWaitsForWindow(log, piece.Id, model.Provider.Name, wait.TotalSeconds);
                await Task.Delay(wait, clock, ct);
            }
        }
        catch (OperationCanceledException)
        {
            await book.ReleaseAsync(piece, call);
            throw;
        }
        return await models.AskAsync(model, question, ct);
    }

    private (Draft? Draft, IReadOnlyList<Objection> Faults) Review(Piece piece, Prompt prompt, LlmAnswer.Reply reply) =>
        reply.Complete
            ? ReplyReview.Review(kinds.Get(piece.Kind), prompt.Schema, reply.Text, piece.Told)
            : (null, [new("complete", "the reply was cut off or filtered before its end; be briefer")]);

    /// <returns>Null when this model is not worth asking again now.</returns>
    private TimeSpan? WaitAfter(LlmAnswer answer, int attempt) => answer switch
    {
        LlmAnswer.Refused { Transient: true } refused => RetryWaits.After(attempt, refused.RetryAfter, llm.Value),
        LlmAnswer.Unknown => RetryWaits.After(attempt, retryAfter: null, llm.Value),
        _ => null,
    };

    private Task WaitAsync(Piece piece, Model model, int attempt, TimeSpan wait, string fault, CancellationToken ct)
    {
        LogWaits(log, piece.Id, model.Id, attempt, wait.TotalSeconds, fault);
        return Task.Delay(wait, clock, ct);
    }

    private static string Fault(Model model, LlmAnswer answer, IReadOnlyList<Objection> objections) => answer switch
    {
        LlmAnswer.Refused refused => refused.Reason,
        LlmAnswer.Unknown unknown => unknown.Reason,
        _ => $"{model.Id} gave no acceptable reply: {string.Join("; ", objections.Take(5))}",
    };

    [LoggerMessage(1, LogLevel.Warning, "{Piece} failed with {Prompt}: {Reason}")]
    private static partial void LogFailed(ILogger log, PieceId piece, string prompt, string reason);

    [LoggerMessage(2, LogLevel.Warning, "{Piece}: reply {Attempt} of {Model} was refused: {Fault}")]
    private static partial void LogRejected(ILogger log, PieceId piece, string model, int attempt, string fault);

    [LoggerMessage(3, LogLevel.Warning, "{Piece}: {Model} failed on try {Attempt}; waiting {Seconds} s: {Fault}")]
    private static partial void LogWaits(ILogger log, PieceId piece, string model, int attempt, double seconds, string fault);

    [LoggerMessage(4, LogLevel.Information, "{Piece}: the window of {Provider} opens in {Seconds} s")]
    private static partial void LogWaitsForWindow(ILogger log, PieceId piece, string provider, double seconds);
}
