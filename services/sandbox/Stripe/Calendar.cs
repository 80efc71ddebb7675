using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

/// <summary>What falls due with time, in the order of its due times: renewals, ends of trials, retries of unpaid invoices, cancellations.</summary>
static class Calendar
{
    const int MostSteps = 10_000; // a day's subscription over 27 years; a clock set by a slip of the hand must not hang the provider
    static readonly long UntilIncompleteExpires = (long)TimeSpan.FromHours(23).TotalSeconds, TrialWarning = (long)TimeSpan.FromDays(3).TotalSeconds;

    /// <param name="clock">The test clock whose customers' time passes; null for those who live in real time.</param>
    /// <param name="until">Unix seconds, inclusive.</param>
    /// <exception cref="StripeException">More falls due than one call may advance over.</exception>
    public static void Run(StripeContext context, string? clock, long until)
    {
        for (var step = 0; Next(context, clock) is var (due, act) && due <= until; step++)
        {
            if (step == MostSteps) throw StripeException.Invalid("Advancing that far is too much at once; advance in smaller steps.", "frozen_time");
            act(context.At(DateTimeOffset.FromUnixTimeSeconds(due)));
        }
    }

    static (long Due, Action<StripeContext> Act)? Next(StripeContext context, string? clock)
    {
        (long Due, Action<StripeContext> Act)? next = null;
        foreach (var subscription in context.Work.All(Subscriptions.Type))
            if (subscription["test_clock"]?.ToString() == clock && Due(subscription) is { } due && (next is null || due.Due < next.Value.Due)) next = due;
        foreach (var invoice in context.Work.All(Invoices.Type))
            if (invoice["test_clock"]?.ToString() == clock && invoice["status"]!.ToString() == "open" && invoice["next_payment_attempt"]?.Whole() is { } retry && (next is null || retry < next.Value.Due))
                next = (retry, at => InvoicePayment.Retry(at, at.Get(Invoices.Type, Id(invoice))));
        return next;
    }

    static (long Due, Action<StripeContext> Act)? Due(JsonObject subscription)
    {
        var next = Bills(subscription);
        return subscription["pending_update"]?["expires_at"]?.Whole() is { } over && !(next?.Due < over) ? (over, at => PendingUpdates.Expire(at, at.Get(Subscriptions.Type, Id(subscription)))) : next;
    }

    static (long Due, Action<StripeContext> Act)? Bills(JsonObject subscription)
    {
        var id = Id(subscription);
        var ends = subscription["current_period_end"]!.Whole();
        var status = subscription["status"]!.ToString();
        if (Subscriptions.IsOver(subscription) || status is "paused" or "unpaid") return null;
        if (status == "incomplete") return (subscription["created"]!.Whole() + UntilIncompleteExpires, at => Subscriptions.Expire(at, at.Get(Subscriptions.Type, id)));
        if (subscription["cancel_at"]?.Whole() is { } cancelAt && cancelAt <= ends) return (cancelAt, at => Subscriptions.Cancel(at, at.Get(Subscriptions.Type, id), "cancellation_requested"));
        if (status == "trialing" && subscription["_trial_told"] is null) return (Math.Max(ends - TrialWarning, subscription["created"]!.Whole()), at => Subscriptions.WarnOfTrialEnd(at, at.Get(Subscriptions.Type, id)));
        return (ends, at => Subscriptions.Renew(at, at.Get(Subscriptions.Type, id)));
    }

    static string Id(JsonObject item) => item["id"]!.ToString();
}
