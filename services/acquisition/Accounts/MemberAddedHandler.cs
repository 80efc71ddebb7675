using System.Text.RegularExpressions;
using Empire.Acquisition.Mail;
using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Acquisition.Accounts;

/// <summary>Tells a person that an account asks them to join it. Whose account it is they do not know: a name that a mail program would make a link of is left out, or anybody could have us mail an address of theirs.</summary>
[Queue("acquisition.member-added")]
public sealed partial class MemberAddedHandler(MailPlanner mails) : IHandle<MemberAdded>
{
    private const int LongestName = 80;

    public Task HandleAsync(MemberAdded fact, Work work, CancellationToken ct) => mails.PlanAsync(work,
        new Letter("member-added", $"{Letter.KeyOf("member-added", fact.UserId, fact.OccurredAt)}:{fact.TenantId:N}", fact.Email, AskedFor: false, fact.OccurredAt)
            .With("account", new TenantId(fact.TenantId).ToString())
            .With("name", NameOf(fact.AccountName))
            .With("role", fact.Role)
            .With("unproved", fact.EmailVerified ? null : "yes"), ct);

    private static string? NameOf(string name)
    {
        if (LikeALink().IsMatch(name)) return null;
        if (name.Length <= LongestName) return name;
        return $"{name[..(LongestName - (char.IsHighSurrogate(name[LongestName - 2]) ? 2 : 1))]}…";
    }

    [GeneratedRegex(@"[/\\@]|:\S|\S\.\w")] private static partial Regex LikeALink();
}
