using Empire.Contracts.V1;
using Empire.Http;
using Empire.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Identity.Tests;

/// <summary>Identity with an owner of its own.</summary>
public sealed class IdentityApp() : ServiceApp<Program>("identity")
{
    public const string OwnerKey = "gopt_ownerownerownerownerowne";

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Empire:Owner:Email", "Owner@Empire.Example"),
        new("Empire:Owner:Password", "correct horse battery"),
        new("Empire:Owner:ApiKey", OwnerKey),
        new("Empire:EncryptionKeys", Convert.ToBase64String(new byte[32])),
    ];

    /// <returns>Null when the key is refused.</returns>
    public async Task<AuthenticateReply?> AuthenticateAsync(string key)
    {
        using var channel = GrpcChannel.ForAddress(Server.BaseAddress, new() { HttpHandler = Server.CreateHandler() });
        try
        {
            return await new Contracts.V1.Identity.IdentityClient(channel).AuthenticateAsync(new() { ApiKey = key });
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unauthenticated)
        {
            return null;
        }
    }

    /// <param name="tenant">Whom the call is signed for; null signs nothing.</param>
    /// <returns>Null when the call is refused.</returns>
    public async Task<Tenant?> GetTenantAsync(TenantId? tenant)
    {
        using var channel = GrpcChannel.ForAddress(Server.BaseAddress, new() { HttpHandler = Server.CreateHandler() });
        var headers = new Metadata();
        if (tenant is { } signed) headers.Add(CallerToken.Header, CallerTokenFor(signed, "service", "service:autopilot"));
        try
        {
            return await new Contracts.V1.Identity.IdentityClient(channel).GetTenantAsync(new(), headers);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unauthenticated)
        {
            return null;
        }
    }

    /// <returns>Null when the call is refused to this role.</returns>
    public async Task<IReadOnlyList<string>?> GetOwnersAsync(TenantId tenant, string role)
    {
        using var channel = GrpcChannel.ForAddress(Server.BaseAddress, new() { HttpHandler = Server.CreateHandler() });
        try
        {
            return (await new Contracts.V1.Identity.IdentityClient(channel).GetOwnersAsync(new(), new Metadata { { CallerToken.Header, CallerTokenFor(tenant, role, $"{role}:acquisition") } })).Emails;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.PermissionDenied)
        {
            return null;
        }
    }

    /// <summary>A client that the gateway would have signed for this key.</summary>
    public async Task<HttpClient> ClientForAsync(string key)
    {
        var reply = await AuthenticateAsync(key) ?? throw new InvalidOperationException("The key is not valid.");
        var client = CreateClient();
        client.DefaultRequestHeaders.Add(CallerToken.Header, Services.GetRequiredService<CallerToken>().Sign(
            new(new(Guid.Parse(reply.TenantId)), reply.Actor, reply.Role, reply.Operator)));
        return client;
    }
}
