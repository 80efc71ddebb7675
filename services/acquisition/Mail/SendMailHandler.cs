using System.Security.Cryptography;
using Empire.Contracts;
using Empire.Data;
using Empire.Effects;
using Empire.Security;
using Microsoft.Extensions.Options;

namespace Empire.Acquisition.Mail;

/// <summary>Sends once. SMTP has no idempotency key, so an attempt whose answer was lost is asked about by its Message-ID where the server can be asked, and is
/// held for the operator where it cannot.</summary>
public sealed partial class SendMailHandler(
    SmtpPost post, MailTemplates templates, Sealer sealer, IOptions<MailOptions> options, TimeProvider clock, IServiceProvider services, ILogger<SendMailHandler> log) : EffectHandler<SendMail>
{
    /// <summary>A fault of ours, to be put right by a key or a release: soon enough then, and no load until then.</summary>
    private static readonly TimeSpan UntilPutRight = TimeSpan.FromMinutes(5);

    public override async Task<EffectOutcome> PerformAsync(EffectAttempt<SendMail> attempt, CancellationToken ct)
    {
        var intent = attempt.Intent;
        if (intent.ExpiresAt <= clock.GetUtcNow()) return new EffectOutcome.Refused("What the mail offers had expired before it could be sent.");
        RenderedMail mail;
        try
        {
            mail = templates.Render(intent.Template, ValuesOf(intent));
        }
        catch (Exception e) when (e is CryptographicException or TemplateException)
        {
            LogNotWritten(log, intent.Template, attempt.EffectId, e.Message);
            return new EffectOutcome.NotDone(UntilPutRight);
        }
        return await post.SendAsync(intent.Recipient, MessageIdOf(attempt), mail, ct);
    }

    public override async Task<EffectOutcome> ProbeAsync(EffectAttempt<SendMail> attempt, CancellationToken ct)
    {
        if (services.GetService<MailLookUp>() is not { } lookUp)
            return new EffectOutcome.CannotTell($"The line broke while {options.Value.Server} took the mail, and SMTP cannot be asked. Look for Message-ID {MessageIdOf(attempt)} in its log or with the recipient.");
        var messageId = MessageIdOf(attempt);
        return await lookUp.WasTakenAsync(messageId, ct) ? new EffectOutcome.Done(messageId) : new EffectOutcome.NotDone(TimeSpan.Zero);
    }

    public override async Task SettledAsync(EffectSettled<SendMail> settled, Work work, CancellationToken ct)
    {
        var refusal = settled.Succeeded ? null : settled.Detail ?? "The server refused it.";
        await MailTable.ForgetSecretsAsync(work, settled.EffectId, ct);
        await MailTable.SettleAsync(work, settled.Key, settled.Reference, refusal, settled.At, ct);
        var forgotten = await MailTable.ForgetErasedAsync(work, settled.EffectId, settled.Key, settled.Intent.Recipient, ct);
        if (settled.Succeeded)
        {
            await MailTable.ReachedAsync(work, settled.Intent.Recipient, ct);
            if (options.Value.Price > 0) work.Publish(CostOf(settled, work.Tenant));
        }
        else if (!forgotten && refusal!.StartsWith(SmtpPost.BouncePrefix, StringComparison.Ordinal) && !await MailTable.IsErasedAsync(work, settled.Key, settled.Intent.Recipient, ct)) await MailTable.BouncedAsync(work, settled.Intent.Recipient, refusal[SmtpPost.BouncePrefix.Length..], settled.At, ct);
    }

    private CostIncurred CostOf(EffectSettled<SendMail> settled, TenantId tenant) => new()
    {
        TenantId = tenant.Value, CostId = settled.EffectId, Category = "mail", Micros = Money.Of(options.Value.Price, Currency.Parse(options.Value.Currency)).Micros,
        Currency = Currency.Parse(options.Value.Currency).Code, Description = $"A mail: {settled.Intent.Template}", Test = settled.Intent.Test, OccurredAt = settled.At,
    };

    private string MessageIdOf(EffectAttempt<SendMail> attempt) => SendMail.MessageId(attempt.Tenant, attempt.Key, options.Value.SenderEmail);

    private Dictionary<string, string> ValuesOf(SendMail intent)
    {
        var values = new Dictionary<string, string>(intent.Values) { ["recipient"] = intent.Recipient };
        foreach (var (name, secret) in intent.Secrets) values[name] = sealer.Open(secret.Text, secret.Purpose);
        return values;
    }

    [LoggerMessage(1, LogLevel.Error, "The mail {Template} of effect {Effect} cannot be written: {Reason}")]
    private static partial void LogNotWritten(ILogger log, string template, Guid effect, string reason);
}
