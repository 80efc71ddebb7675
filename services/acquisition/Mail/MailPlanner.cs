using System.Globalization;
using Empire.Data;
using Empire.Effects;
using Empire.Privacy;
using Microsoft.Extensions.Options;

namespace Empire.Acquisition.Mail;

/// <summary>Decides a mail: its row, its share of the hour and its effect, in the transaction of the event that asks for it.</summary>
public sealed class MailPlanner(IOptions<MailOptions> options)
{
    private const int HoursAhead = 48;

    /// <summary>Plans the mail, or records why there will be none. Never throws over its content: a bad address must not stop the queue behind it.</summary>
    public async Task PlanAsync(Work work, Letter letter, CancellationToken ct)
    {
        var mail = options.Value;
        if (letter.Recipient.EndsWith("@erased.invalid", StringComparison.OrdinalIgnoreCase) || await ErasedAddresses.HoldsAsync(work, letter.Recipient, letter.OccurredAt, ct)) return; // nobody is there any more
        if (Address.Parse(letter.Recipient) is null) await MailTable.AddAsync(work, letter, "The address cannot be mailed.", mail.Sandbox, ct);
        else if (!letter.AskedFor && await MailTable.BounceOfAsync(work, letter.Recipient, ct) is { } reason) await MailTable.AddAsync(work, letter, $"An earlier mail bounced: {reason}", mail.Sandbox, ct);
        else if (await PlanInAnHourWithRoomAsync(work, letter, mail, ct)) await MailTable.AddAsync(work, letter, null, mail.Sandbox, ct);
        else await MailTable.AddAsync(work, letter, $"The {mail.PerHour} mails an hour are used up for {HoursAhead} hours.", mail.Sandbox, ct);
    }

    /// <returns>False when every hour of the next two days is full.</returns>
    private static async Task<bool> PlanInAnHourWithRoomAsync(Work work, Letter letter, MailOptions mail, CancellationToken ct)
    {
        var now = work.Now;
        var intent = new SendMail(letter.Template, letter.Recipient, letter.Values, letter.Secrets, letter.ExpiresAt, mail.Sandbox);
        var hour = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerHour, TimeSpan.Zero);
        for (var i = 0; i < HoursAhead; i++, hour = hour.AddHours(1))
        {
            var share = new QuotaToken("mails", hour.ToString("yyyy-MM-dd'T'HH", CultureInfo.InvariantCulture), 1, mail.PerHour);
            if (await work.PlanAsync(new EffectPlan<SendMail>(letter.Key, intent, hour > now ? hour : now, [share]), ct) is null) return true;
        }
        return false;
    }
}
