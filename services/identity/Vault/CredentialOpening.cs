using Empire.Contracts.V1;
using Empire.Credentials;
using Empire.Data;
using Empire.Http;
using Empire.Security;
using Grpc.Core;

namespace Empire.Identity.Vault;

/// <summary>The one way out of the vault: to a service, counted, and watched for use that is out of proportion.</summary>
public sealed partial class CredentialOpening(Database db, Sealer sealer, CredentialWatch watch, ILogger<CredentialOpening> log)
{
    /// <exception cref="RpcException">PermissionDenied: no service asks. NotFound: the account has no such credential. FailedPrecondition: no configured key opens it.</exception>
    public async Task<OpenCredentialReply> OpenAsync(OpenCredentialRequest request, Caller caller, CancellationToken ct)
    {
        if (caller.Role != "service") throw new RpcException(new(StatusCode.PermissionDenied, "Only services open credentials."));
        Guid? id = null;
        if (request.CredentialId.Length > 0)
            id = PublicId.TryParse("cred", request.CredentialId, out var named) ? named : throw new RpcException(new(StatusCode.InvalidArgument, "credential_id: wanted: cred_…."));
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var credential = await CredentialTable.FindAsync(work, id, request.Provider, request.Name, ct)
            ?? throw new RpcException(new(StatusCode.NotFound, "The account has no such credential."));
        string value;
        try
        {
            value = credential.Envelope.Open(sealer, credential.Id);
        }
        catch (UnreadableSecretException e)
        {
            LogShut(log, credential.Id, e);
            throw new RpcException(new(StatusCode.FailedPrecondition, "No key of this installation opens the credential; store its value anew."));
        }
        if (!await watch.UsedAsync(work, credential.Id, ct)) throw new RpcException(new(StatusCode.NotFound, "The account has no such credential.")); // removed meanwhile
        work.NothingToAudit(); // counted by day; a line for each use would drown the acts of people
        await work.CommitAsync(ct);
        return new() { CredentialId = PublicId.Format("cred", credential.Id), Provider = credential.Provider, Name = credential.Name, Value = value };
    }

    [LoggerMessage(1, LogLevel.Error, "No configured key opens credential {Credential}: was a key taken out of Empire:EncryptionKeys before everything was re-wrapped?")]
    private static partial void LogShut(ILogger log, Guid credential, Exception e);
}
