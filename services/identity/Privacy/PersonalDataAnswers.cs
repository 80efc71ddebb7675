using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Identity.Privacy;

/// <summary>Notes what the services answer. The first answer counts: one that was asked again may answer twice.</summary>
[Queue("identity.personal-data-answers")]
public sealed class PersonalDataAnswers : IHandle<PersonalDataExported>, IHandle<PersonalDataErased>
{
    public Task HandleAsync(PersonalDataExported fact, Work work, CancellationToken ct) =>
        PrivacyTable.AnswerAsync(work, fact.RequestId, fact.Service, fact.SealedData, null, work.Now, ct);

    public Task HandleAsync(PersonalDataErased fact, Work work, CancellationToken ct) =>
        PrivacyTable.AnswerAsync(work, fact.RequestId, fact.Service, null, fact.Rows, work.Now, ct);
}
