using Dapper;
using Empire.Contracts;
using Empire.Identity.Privacy;
using Empire.Security;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Identity.Tests.Privacy;

/// <summary>Requests whose addresses no key opens wait for the key, and nobody waits behind them.</summary>
public sealed class UnreadableAddressTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(15), Day = TimeSpan.FromDays(1);

    /// <summary>As many as one look takes.</summary>
    private const int Look = 100;

    [Theory]
    [InlineData(PrivacyRequest.Erasure)]
    [InlineData(PrivacyRequest.Export)]
    public async Task A_hundred_of_them_hold_up_no_newer_one(string kind)
    {
        var tenant = await app.AccountAsync();
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        for (var i = 0; i < Look; i++) await RunningAsync(tenant, kind, "s1.0badcafe.eA==", age: Day + Day);
        var sealedEmail = app.Services.GetRequiredService<Sealer>().Seal("ada@people.example", PrivacyProcess.EmailPurpose);
        var ada = await RunningAsync(tenant, kind, sealedEmail, age: kind == PrivacyRequest.Erasure ? Soon : Day);
        await Eventually.TrueAsync(async () =>
        {
            await app.Services.GetRequiredService<PrivacyProcess>().TurnAsync(default);
            return kind == PrivacyRequest.Erasure ? (await app.HeardAsync<PersonalDataErasureRequested>()).Any(e => e.UserId == ada) : (await app.HeardAsync<PersonalDataExportRequested>()).Any(e => e.UserId == ada);
        });
        await owner.ExecuteAsync("delete from privacy_requests where tenant_id = @Value", new { tenant.Value });
    }

    /// <returns>Whom it is about.</returns>
    private async Task<Guid> RunningAsync(TenantId tenant, string kind, string sealedEmail, TimeSpan age)
    {
        var user = await app.UserAsync();
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync(
            """
            insert into privacy_requests (id, tenant_id, kind, user_id, whole_person, sealed_email, requested_by, state, due_at, created_at)
            values (@user, @Value, @kind, @user, true, @sealedEmail, 'user:somebody', 'running', @at, @at);
            insert into privacy_parts (request_id, tenant_id, service, asked_at) values (@user, @Value, 'content', @at)
            """, new { user, tenant.Value, kind, sealedEmail, at = app.Clock.GetUtcNow() - age });
        return user;
    }
}
