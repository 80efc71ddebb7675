using System.Globalization;
using System.Text.Json;
using Empire.Payments.Intake;

namespace Empire.Payments.Tests.Intake;

/// <summary>How one payment really went, as its provider would tell it.</summary>
/// <param name="Declines">Tries that failed before.</param>
/// <param name="Refunds">In percent of the amount, of a subscription of its last payment's; each was first pending.</param>
/// <param name="BouncedRefund">The last refund came back.</param>
/// <param name="Dispute">null, open, won or lost.</param>
/// <param name="TooLittle">Less arrived than was asked for (Flutterwave), or a part before the whole (NOWPayments).</param>
/// <param name="Coupon">It was decided with a coupon, whose use is held, and with as much of the customer's credit as is asked; a subscription's first invoice takes credit at Stripe, and the next leaves some.</param>
/// <param name="Seller">It is sold for a seller, who gets nine tenths and gives back their part of each refund, as the platform its share.</param>
/// <param name="Referred">Another customer sent the payer, and is rewarded for it.</param>
/// <param name="Twice">A second page, or a second address, of the same payment is paid too; of a subscription, the payer's bank takes the last payment back.</param>
public sealed record Story(string Provider, int Units, int Declines, int[] Refunds, bool BouncedRefund, string? Dispute, bool Paid, bool TooLittle, bool Upgrade, string Currency, bool Coupon, bool Twice, bool Seller, bool Referred)
{
    /// <summary>It happens so many days later.</summary>
    public int Day { get; init; }

    /// <summary>Of an upgrade: the highest tier is bought.</summary>
    public bool Highest { get; init; }

    /// <summary>Its provider pays out what it holds.</summary>
    public bool PaidOut { get; init; }

    /// <summary>The bank sends that back a day later, of a payout of Stripe's.</summary>
    public bool PayoutFailed { get; init; }

    /// <summary>An upgrade is bought by the buyer of the story before, where that is one too and nobody sent either.</summary>
    public bool SameBuyer { get; init; }

    /// <summary>Of a payment in coins: what came to one of its addresses is sent back in the end; where it was not paid, what had come until then.</summary>
    public bool SentBack { get; init; }

    /// <summary>Which of two it is.</summary>
    private string BackFrom => Twice && Paid && Units % 4 > 1 ? "b" : "";

    private long Dawn => 1_763_625_600 + Day * 86_400L; // 2025-11-20 08:00 UTC

    /// <summary>What the provider sends, in the order in which it happened.</summary>
    /// <param name="tag">Unique to the run; every id begins with it.</param>
    /// <param name="payment">Our id, which providers give back where they can.</param>
    public IEnumerable<ProviderEvent> Events(string tag, Guid payment) => Provider switch
    {
        "stripe" => Stripe(tag, payment),
        "subscription" => Subscription(tag),
        "flutterwave" => Flutterwave(tag, payment),
        _ => NowPayments(tag, payment),
    };

    /// <summary>Who tells it: a subscription is Stripe's.</summary>
    public string Teller => Provider == "subscription" ? "stripe" : Provider;

    /// <summary>The provider's reference of the payment, where it is known beforehand.</summary>
    public string Reference(string tag, Guid payment) => Provider switch { "stripe" => $"pi_{tag}", "flutterwave" => $"tx_{payment:N}", _ => $"{tag}" };

    /// <summary>What the platform keeps of a seller's sale, in the smallest unit.</summary>
    public int Share => Units / 10;

    public bool FullyRefunded => SentBack ? Paid && BackFrom.Length == 0 : Refunds.Length > 0 && (BouncedRefund ? Refunds[..^1] : Refunds).Sum() >= 100;

    public bool Succeeds => Paid && !(TooLittle && Provider == "flutterwave");

    /// <summary>What becomes of the coupon's use: a page on which a card was declined takes another, a sale that failed is over, and so is what nobody paid in time.</summary>
    public string Use => Succeeds ? "used" : Provider switch
    {
        "nowpayments" when Declines > 0 || (SentBack && !Upgrade) => "released",
        "stripe" or "flutterwave" when !Upgrade && (Declines > 0 || Paid) => "released",
        _ => "held",
    };

    /// <summary>The buyer keeps the tier: it was paid, and neither given back nor lost.</summary>
    public bool Entitles => Provider == "subscription" ? Paid && Dispute != "lost" && !Twice && !FullyRefunded : Upgrade && Succeeds && !FullyRefunded && Dispute != "lost";

    /// <summary>What becomes of the reward; null where none is promised. Whether a reward that was taken back for a refund that bounced in the end comes to stand, the order of two queues decides: none is told here.</summary>
    public string? Reward => !Referred ? null : !Succeeds ? "waiting" : FullyRefunded || Dispute == "lost" ? "taken_back" : "rewarded";

    /// <summary>What is in the bank in the end, in millionths.</summary>
    public long Banked => PaidOut && Paid && (Provider == "flutterwave" || (Provider == "stripe" && !PayoutFailed)) ? Units * (Currency == "JPY" ? 1_000_000L : 10_000L) : 0;

    /// <summary>What came in coins and was not sent back, in millionths.</summary>
    public long Coins => Provider != "nowpayments" || !Paid ? 0 : (SentBack && BackFrom == "" ? 0 : Units % 2 == 0 ? Units * 10_000L : Units * 12_500L) + (Twice && !(SentBack && BackFrom == "b") ? Units * 10_000L : 0);

    /// <summary>Of these, what went to a wallet: all but the fee.</summary>
    public long CoinsInWallet => InWallet ? Coins * 996 / 1000 : 0;

    /// <summary>What NOWPayments took, also of what it sent back.</summary>
    public long CoinsFee => Provider != "nowpayments" || !Paid ? 0 : (Units * (Units % 2 == 0 ? 10_000L : 12_500L) + (Twice ? Units * 10_000L : 0)) * 4 / 1000;

    /// <summary>Of these, what paid for nothing: it came too much, or a second time.</summary>
    public long CoinsTooMuch => Provider != "nowpayments" || !Paid ? 0 : (SentBack && BackFrom == "" ? 0 : Units % 2 == 0 ? 0 : Units * 2_500L) + (Twice && !(SentBack && BackFrom == "b") ? Units * 10_000L : 0);

    private IEnumerable<ProviderEvent> Stripe(string tag, Guid payment)
    {
        var (at, number, currency) = (Dawn, 0, Currency.ToLowerInvariant());
        var metadata = new { empire_payment = payment.ToString("N") };
        ProviderEvent Event(string type, object o) => Make($"evt_{tag}_{++number}", type, $"pi_{tag}", at, new { id = $"evt_{tag}_{number}", type, created = at, livemode = false, data = new { @object = o } });
        object Intent(string status, object? error = null) => new { id = $"pi_{tag}", @object = "payment_intent", status, metadata, last_payment_error = error };
        object Charge(string type) => new
        {
            id = $"ch_{tag}", @object = "charge", payment_intent = $"pi_{tag}", amount = Units, amount_captured = Units, currency, paid = true, captured = true, created = Dawn + 50, metadata, type,
            payment_method_details = new { card = new { brand = "visa", last4 = "4242" } },
        };
        object Transferred(object[] reversals) => new { id = $"tr_{tag}", @object = "transfer", amount = Units, currency, created = Dawn + 50, source_transaction = $"ch_{tag}", reversals = new { data = reversals } };
        object Kept(object[] refunds) => new { id = $"fee_{tag}", @object = "application_fee", amount = Share, currency, created = Dawn + 50, originating_transaction = $"ch_{tag}", refunds = new { data = refunds } };
        if (Seller)
            for (var told = 0; told < 3; told++) // enrolled, checked, and ready for payouts
                yield return Make($"evt_{tag}_acct{told}", "account.updated", $"acct_{tag}", Dawn - 30 + told, new
                {
                    id = $"evt_{tag}_acct{told}", type = "account.updated", created = Dawn - 30 + told, livemode = false,
                    data = new { @object = new { id = $"acct_{tag}", @object = "account", charges_enabled = told > 0, payouts_enabled = told > 1, details_submitted = true } },
                });
        yield return Event("payment_intent.created", Intent("requires_payment_method"));
        for (var i = 0; i < Declines; i++)
        {
            at++;
            yield return Event("payment_intent.payment_failed", Intent("requires_payment_method", new { code = "card_declined", decline_code = "generic_decline", message = "Declined." }));
        }
        if (!Paid) yield break;
        at = Dawn + 50;
        yield return Event("charge.succeeded", Charge("succeeded"));
        yield return Event("payment_intent.succeeded", Intent("succeeded"));
        yield return Make($"balance_transaction:txn_{tag}", "fetched:balance_transaction", $"ch_{tag}", at, new
        {
            id = $"txn_{tag}", @object = "balance_transaction", created = Dawn + 51, currency = "usd", amount = currency == "usd" ? Units : Units * 2, fee = Units / 30, source = new { id = $"ch_{tag}", @object = "charge", amount = Units, currency },
        });
        if (Seller)
        {
            yield return Event("transfer.created", Transferred([]));
            yield return Event("application_fee.created", Kept([]));
        }
        foreach (var status in !PaidOut ? [] : PayoutFailed ? ["created", "paid", "failed"] : new[] { "created", "paid" })
        {
            var told = status == "failed" ? at + 86_400 : at;
            yield return Make($"evt_{tag}_payout_{status}", $"payout.{status}", $"po_{tag}", told, new
            {
                id = $"evt_{tag}_payout_{status}", type = $"payout.{status}", created = told, livemode = false, data = new { @object = new { id = $"po_{tag}", @object = "payout", amount = Units, currency, status = "paid", created = Dawn + 60 } },
            });
        }
        List<object> back = [], returned = [];
        for (var i = 0; i < Refunds.Length; i++)
        {
            at += 10;
            var (made, amount) = (at, Part(i));
            foreach (var (kind, refund) in Refunded(tag, i, $"pi_{tag}", $"ch_{tag}", made)) yield return Event(kind, refund);
            foreach (var (way, rate) in BouncedRefund && i == Refunds.Length - 1 ? new[] { (-1, 3), (1, 5) } : [(-1, 3 + i)])
                yield return Make($"balance_transaction:txn_{tag}_{i}_{rate}", "fetched:balance_transaction", $"pi_{tag}", at, new
                {
                    id = $"txn_{tag}_{i}_{rate}", @object = "balance_transaction", created = made + rate, currency = "usd", amount = way * amount * (currency == "usd" ? 1 : rate), fee = 0,
                    source = new { id = $"re_{tag}_{i}", @object = "refund", charge = $"ch_{tag}", payment_intent = $"pi_{tag}", amount, currency },
                });
            if (!Seller) continue;
            back.Add(new { id = $"trr_{tag}_{i}", amount, currency, created = made });
            returned.Add(new { id = $"fr_{tag}_{i}", amount = Math.Max(amount / 10, 1), currency, created = made });
            yield return Event("transfer.reversed", Transferred([.. back])); // which lists the earlier ones again
            yield return Event("application_fee.refunded", Kept([.. returned]));
        }
        if (Dispute is null) yield break;
        at += 10;
        var opened = at;
        // The first report may name no movement yet: "created".
        object Disputed(string status) => new
        {
            id = $"dp_{tag}", @object = "dispute", charge = $"ch_{tag}", payment_intent = $"pi_{tag}", amount = Units, currency, reason = "fraudulent", status = status == "created" ? "needs_response" : status, created = opened, evidence_details = new { due_by = opened + 86400 },
            balance_transactions = new object[]
            {
                new { id = $"txn_dp_{tag}", fee = 1500, currency = "usd", amount = -Units * (currency == "usd" ? 1 : 3), created = opened },
                new { id = $"txn_dp_{tag}_back", fee = -1500, currency = "usd", amount = Units * (currency == "usd" ? 1 : 4), created = opened + 20 },
            }[..(status == "won" ? 2 : status == "created" ? 0 : 1)],
        };
        yield return Event("charge.dispute.created", Disputed(Units % 2 == 0 ? "needs_response" : "created"));
        yield return Event("charge.dispute.funds_withdrawn", Disputed("needs_response"));
        if (Dispute == "open") yield break;
        at += 10;
        yield return Event("charge.dispute.updated", Disputed("under_review"));
        at += 10;
        yield return Event("charge.dispute.closed", Disputed(Dispute));
    }

    /// <summary>What Stripe says of one refund.</summary>
    private IEnumerable<(string Kind, object Refund)> Refunded(string tag, int i, string intent, string charge, long made)
    {
        object Refund(string status) => new { id = $"re_{tag}_{i}", @object = "refund", payment_intent = intent, charge, amount = Part(i), currency = Currency.ToLowerInvariant(), status, created = made, reason = "requested_by_customer" };
        yield return ("refund.created", Refund("pending"));
        yield return ("charge.refund.updated", Refund("succeeded"));
        yield return ("refund.updated", Refund("succeeded")); // the same said twice, by two kinds of events
        if (BouncedRefund && i == Refunds.Length - 1) yield return ("refund.failed", Refund("failed"));
    }

    /// <summary>A subscription with its renewals: <see cref="Declines"/> of them fail for a while, and <see cref="Dispute"/> says how it ends: lost is cancelled, open is past due.</summary>
    private IEnumerable<ProviderEvent> Subscription(string tag)
    {
        var (at, number) = (Dawn, 0);
        const long month = 2_592_000;
        ProviderEvent Event(string type, string objectKey, object o) => Make($"evt_{tag}_{++number}", type, objectKey, at, new { id = $"evt_{tag}_{number}", type, created = at, livemode = false, data = new { @object = o } });
        ProviderEvent Stands(string type, string status, long start) => Event($"customer.subscription.{type}", $"sub_{tag}", new
        {
            id = $"sub_{tag}", @object = "subscription", customer = $"cus_{tag}", status, created = Dawn, current_period_start = start, current_period_end = start + month, cancel_at_period_end = false,
            canceled_at = status == "canceled" ? at : (long?)null, ended_at = status == "canceled" ? at : (long?)null,
            items = new { data = new[] { new { quantity = 1, price = new { id = "price_1", unit_amount = Units, currency = "usd", metadata = new { tier = "professional" }, recurring = new { interval = "month" } } } } },
        });
        IEnumerable<ProviderEvent> Renewal(int period)
        {
            var invoice = new
            {
                id = $"in_{tag}_{period}", @object = "invoice", customer = $"cus_{tag}", subscription = $"sub_{tag}", payment_intent = $"pi_{tag}_{period}", currency = "usd", amount_due = Units, amount_paid = Units, status = "paid",
                attempt_count = 1, created = at,
                starting_balance = Coupon ? period == 0 ? -500 : 0 : 0, ending_balance = Coupon ? period == 0 ? 0 : -70 * period : 0, lines = new { data = new[] { new { description = "A month", amount = Units } } },
            };
            yield return Event("charge.succeeded", $"pi_{tag}_{period}", new
            {
                id = $"ch_{tag}_{period}", @object = "charge", payment_intent = $"pi_{tag}_{period}", invoice = invoice.id, customer = $"cus_{tag}", amount = Units, currency = "usd", paid = true, captured = true, created = at,
            });
            yield return Event("invoice.paid", $"sub_{tag}", invoice);
        }
        yield return Stands("created", "incomplete", Dawn);
        if (!Paid) yield break;
        at += 5;
        foreach (var told in Renewal(0)) yield return told;
        at++;
        yield return Stands("updated", "active", Dawn);
        for (var i = 1; i <= Declines; i++)
        {
            at = Dawn + i * month;
            yield return Stands("updated", "past_due", at);
            at += 86_400;
            foreach (var told in Renewal(i)) yield return told;
            at++;
            yield return Stands("updated", "active", Dawn + i * month);
        }
        if (Twice)
        {
            at += 60;
            object Lost(string status) => new
            {
                id = $"dp_{tag}", @object = "dispute", charge = $"ch_{tag}_{Declines}", payment_intent = $"pi_{tag}_{Declines}", amount = Units, currency = "usd", reason = "fraudulent", status, created = at,
            };
            yield return Event("charge.dispute.created", $"pi_{tag}_{Declines}", Lost("needs_response"));
            yield return Event("charge.dispute.closed", $"pi_{tag}_{Declines}", Lost("lost"));
        }
        for (var i = 0; i < Refunds.Length; i++)
        {
            at += 10;
            foreach (var (kind, refund) in Refunded(tag, i, $"pi_{tag}_{Declines}", $"ch_{tag}_{Declines}", at)) yield return Event(kind, $"pi_{tag}_{Declines}", refund);
        }
        at += month;
        if (Dispute == "open") yield return Stands("updated", "past_due", at);
        if (Dispute == "lost") yield return Stands("deleted", "canceled", at);
    }

    private IEnumerable<ProviderEvent> Flutterwave(string tag, Guid payment)
    {
        object Transaction(string status, string page = "", long number = 0, int second = 50) => new
        {
            id = number == 0 ? Number(tag) : number, tx_ref = $"tx_{payment:N}{page}", amount = Amount(TooLittle ? Math.Max(Units / 2, 1) : Units), app_fee = Amount(Units / 25), currency = Currency, status, created_at = DateTimeOffset.FromUnixTimeSeconds(Dawn + second).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        };
        for (var i = 0; i < Math.Min(Declines, 1); i++) yield return Make($"transaction:{tag}:failed", "fetched:transaction", $"tx_{payment:N}", Dawn, Transaction("failed"));
        yield return Make($"transaction:{tag}:pending", "fetched:transaction", $"tx_{payment:N}", Dawn + 1, Transaction("pending"));
        if (!Paid) yield break;
        yield return Make($"transaction:{tag}:successful", "fetched:transaction", $"tx_{payment:N}", Dawn + 2, Transaction("successful"));
        var page = Units % 2 == 0 ? 2 : 11; // asked for as often as a person lets it
        if (Twice) yield return Make($"transaction:{tag}2:successful", "fetched:transaction", $"tx_{payment:N}-{page}", Dawn + 3, Transaction("successful", $"-{page}", Number(tag) * 10 + 2, 55));
        foreach (var status in PaidOut ? ["NEW", "SUCCESSFUL"] : Array.Empty<string>())
            yield return Make($"transfer:{Number(tag) * 10 + 3}:{status}", "fetched:transfer", $"{Number(tag) * 10 + 3}", Dawn + 40, new
            {
                id = Number(tag) * 10 + 3, amount = Amount(Units), fee = Amount(Units / 40), currency = Currency, status, created_at = DateTimeOffset.FromUnixTimeSeconds(Dawn + 40).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            });
        for (var i = 0; i < Refunds.Length; i++)
            yield return Make($"refund:{tag}_{i}:completed", "fetched:refund", $"tx_{payment:N}", Dawn + 60 + i, new { data = new { id = $"{tag}_{i}", tx_id = Number(tag), amount_refunded = Amount(Part(i)), status = "completed" }, currency = Currency });
    }

    private IEnumerable<ProviderEvent> NowPayments(string tag, Guid payment)
    {
        var step = 0;
        ProviderEvent State(string status, decimal paid, string address = "") => Make($"{tag}{address}:{status}{(status == "partially_paid" && Units % 4 > 0 ? $":{paid.ToString(CultureInfo.InvariantCulture)}" : "")}", status == "refunded" && Units % 3 > 0 ? "payment.sent_back" : $"payment.{status}", tag + address, Dawn + ++step, new
        {
            payment_id = tag + address, payment_status = status, price_amount = Amount(Units), price_currency = Currency.ToLowerInvariant(), pay_amount = 0.002m, actually_paid = paid, pay_currency = "btc", order_id = $"tx_{payment:N}",
            updated_at = (Dawn + step) * 1000,
        });
        yield return State("waiting", 0);
        if (Declines > 0) yield return State("expired", 0);
        if (!Paid && !SentBack) yield break;
        yield return State("confirming", 0);
        if (TooLittle && Units % 4 > 0) yield return State("partially_paid", 0.0005m); // before the rest of the part
        if (TooLittle && Units % 4 == 1) yield return State("partially_paid", 0.0005m) with { EventId = $"{tag}:partially_paid" }; // heard of before parts had sums
        if (!Paid)
        {
            yield return TooLittle ? State("partially_paid", 0.001m) : State("confirmed", 0.002m);
            yield return State("refunded", 0.002m);
            yield break;
        }
        if (TooLittle) yield return State("partially_paid", 0.001m);
        yield return State("confirmed", 0.002m);
        yield return State("finished", Units % 2 == 0 ? 0.002m : 0.0025m); // now and then too much
        yield return Outcome(tag, payment, Units % 2 == 0 ? 0.002m : 0.0025m);
        if (Twice)
        {
            if (TooLittle) yield return State("partially_paid", 0.001m, "b");
            yield return State("finished", 0.002m, "b");
            yield return Outcome(tag + "b", payment, 0.002m);
        }
        if (SentBack) yield return State("refunded", 0.002m, BackFrom);
    }

    /// <summary>What is left of what came to an address: the same coins less a part, or others that they were changed into; gone to a wallet, or kept with the provider.</summary>
    private ProviderEvent Outcome(string address, Guid payment, decimal paid)
    {
        var same = Units % 3 == 0;
        return Make($"{address}:outcome", "fetched:outcome", address, Dawn + 30, new
        {
            payment = new
            {
                payment_id = address, payment_status = "finished", price_amount = Amount(Units), price_currency = Currency.ToLowerInvariant(), pay_amount = 0.002m, actually_paid = paid, pay_currency = "btc", order_id = $"tx_{payment:N}",
                outcome_amount = same ? paid * 0.996m : Amount(Units) * 2 * paid / 0.002m * 0.996m, outcome_currency = same ? "btc" : "usdttrc20", payout_hash = InWallet ? "ab12" : null,
            },
            estimate = same ? null : new { estimated_amount = Amount(Units) * 2 },
        });
    }

    private bool InWallet => Units % 5 > 0;

    /// <summary>Parts that make a hundred percent make the whole, to the unit.</summary>
    private int Part(int refund)
    {
        int Until(int count) => (int)((long)Units * Refunds.Take(count).Sum() / 100);
        return Math.Max(Until(refund + 1) - Until(refund), 1);
    }

    private decimal Amount(int units) => (decimal)units / (Currency == "JPY" ? 1 : 100);

    private static long Number(string tag) => long.Parse(tag[1..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private ProviderEvent Make(string id, string kind, string objectKey, long at, object body) =>
        new(Teller, id, kind, objectKey, DateTimeOffset.FromUnixTimeSeconds(at), JsonSerializer.Serialize(body), EventSource.Webhook, Test: true);
}
