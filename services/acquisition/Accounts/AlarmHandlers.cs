using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Empire.Acquisition.Mail;
using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Acquisition.Accounts;

/// <summary>Tells an account's owners that a payer disputes, and until when they can speak up: a deadline that nobody reads of is lost.</summary>
[Queue("acquisition.dispute-opened")]
public sealed class DisputeOpenedHandler(MailPlanner mails, AccountOwners owners) : IHandle<DisputeOpened>
{
    public async Task HandleAsync(DisputeOpened fact, Work work, CancellationToken ct)
    {
        foreach (var owner in await owners.OfAsync(work.Tenant, ct))
            await mails.PlanAsync(work, new Letter("dispute-opened", Alarm.KeyOf("dispute-opened", fact.DisputeId, owner), owner, AskedFor: true, fact.OccurredAt)
                .With("amount", Amounts.Of(fact.Micros, fact.Currency)).With("reason", fact.Reason.Replace('_', ' ')).With("payment", PublicId.Format("pay", fact.PaymentId)).With("dispute", PublicId.Format("dp", fact.DisputeId))
                .With("due", fact.DueBy is { } due ? MailTime.Of(due) : null).With("test", fact.Test ? "test" : null), ct);
    }
}

/// <summary>Tells whoever runs the installation that the books of an account contradict themselves.</summary>
[Queue("acquisition.ledger-drift-found")]
public sealed class LedgerDriftFoundHandler(MailPlanner mails, AccountOwners owners) : IHandle<LedgerDriftFound>
{
    public async Task HandleAsync(LedgerDriftFound fact, Work work, CancellationToken ct)
    {
        foreach (var owner in await owners.OfAsync(await owners.OperatorAsync(work.Tenant, ct), ct))
            await mails.PlanAsync(work, new Letter("books-drifted", Alarm.KeyOf("books-drifted", fact.DriftId, owner), owner, AskedFor: true, fact.OccurredAt)
                .With("kind", fact.Kind).With("subject_of_it", fact.Subject).With("account", new TenantId(fact.TenantId).ToString()).With("detail", fact.Detail).With("occurred", MailTime.Of(fact.OccurredAt)), ct);
    }
}

/// <summary>Tells an account's customer that their renewal could not be collected, where the account lets its customers be told. What an account itself owes for its tier is told by <see cref="SubscriptionChangedHandler"/>.</summary>
[Queue("acquisition.customer-subscription-changed")]
public sealed class CustomerSubscriptionChangedHandler(MailPlanner mails) : IHandle<CustomerSubscriptionChanged>
{
    public Task HandleAsync(CustomerSubscriptionChanged fact, Work work, CancellationToken ct) =>
        fact is not { Status: "past_due", MayRemind: true, IsAccount: false, Email: { } email } || fact.Before == "past_due" ? Task.CompletedTask : mails.PlanAsync(work,
            new Letter("renewal-failed", Letter.KeyOf("renewal-failed", fact.SubscriptionId, fact.OccurredAt), email, AskedFor: false, fact.OccurredAt)
                .With("amount", fact is { Micros: { } micros, Currency: { } currency } ? Amounts.Of(micros, currency) : null).With("seller", fact.SellerName).With("contact", fact.SellerEmail).With("billing_path", fact.BillingPath)
                .With("test", fact.Test ? "test" : null), ct);
}

/// <summary>Tells an account's owners that a credential of theirs is due to be replaced, and where. Of a key in the settings it tells whoever runs the installation: that account is the event's.</summary>
[Queue("acquisition.credential-aged")]
public sealed class CredentialAgedHandler(MailPlanner mails, AccountOwners owners) : IHandle<CredentialAged>
{
    public async Task HandleAsync(CredentialAged fact, Work work, CancellationToken ct)
    {
        foreach (var owner in await owners.OfAsync(work.Tenant, ct))
            await mails.PlanAsync(work, new Letter("credential-aged", $"{Alarm.KeyOf("credential-aged", fact.CredentialId, owner)}:{fact.SetAt.UtcTicks}", owner, AskedFor: true, fact.OccurredAt)
                .With("name", fact.Name).With("provider", fact.Provider).With("days", $"{(int)(fact.OccurredAt - fact.SetAt).TotalDays}").With("since", MailTime.Of(fact.SetAt))
                .ToReplace(fact.Kept, fact.CredentialId, fact.Name), ct);
    }
}

/// <summary>Tells an account's owners that a credential of theirs is used far more than usual: whoever uses it may not be they.</summary>
[Queue("acquisition.credential-use-jumped")]
public sealed class CredentialUseJumpedHandler(MailPlanner mails, AccountOwners owners) : IHandle<CredentialUseJumped>
{
    public async Task HandleAsync(CredentialUseJumped fact, Work work, CancellationToken ct)
    {
        foreach (var owner in await owners.OfAsync(work.Tenant, ct))
            await mails.PlanAsync(work, new Letter("credential-use-jumped", $"{Alarm.KeyOf("credential-use-jumped", fact.CredentialId, owner)}:{fact.OccurredAt.UtcDateTime:yyyy-MM-dd}", owner, AskedFor: true, fact.OccurredAt)
                .With("name", fact.Name).With("provider", fact.Provider).With("uses", fact.Uses.ToString(CultureInfo.InvariantCulture)).With("usual", fact.Usual.ToString("0.#", CultureInfo.InvariantCulture))
                .With("occurred", MailTime.Of(fact.OccurredAt)).ToReplace(fact.Kept, fact.CredentialId, fact.Name), ct);
    }
}

internal static class Alarm
{
    /// <summary>Where a credential is replaced: one of three sections of the mail.</summary>
    public static Letter ToReplace(this Letter letter, string kept, Guid credential, string name) => kept switch
    {
        "store" => letter.With("store", PublicId.Format("store", credential)),
        "settings" => letter.With("variable", name),
        _ => letter.With("credential", PublicId.Format("cred", credential)),
    };

    /// <summary>One for each owner; of the address no more than its hash stands in the key.</summary>
    public static string KeyOf(string template, Guid subject, string recipient) => $"{template}:{subject:N}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(recipient)))[..12]}";
}
