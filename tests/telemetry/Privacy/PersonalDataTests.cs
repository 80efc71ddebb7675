using Empire.Telemetry.Privacy;
using Empire.Testing;

namespace Empire.Telemetry.Tests.Privacy;

public sealed class PersonalDataTests(TelemetryApp app) : IClassFixture<TelemetryApp>
{
    [Fact]
    public async Task The_address_of_an_account_is_told_and_forgotten_and_its_samples_stay()
    {
        await using (var work = await app.Database.BeginAsync(app.Tenant, default))
        {
            await new CustomerSignedUpHandler().HandleAsync(new() { TenantId = app.Tenant.Value, UserId = Guid.CreateVersion7(), Email = "Ada@people.example", OccurredAt = work.Now }, work, default);
            await work.CommitAsync(default);
        }
        await app.StoreAsync([new Host().Batch(TimeProvider.System.GetUtcNow(), 1, (_, _) => 5)]);
        Assert.Equal("Ada@people.example", await app.SeeAsync<string>("select customer_email from gpu_usage_logs"));
        var probe = new PersonalDataProbe(app.Services, app.Database, app.Tenant, Guid.CreateVersion7(), "ada@people.example");
        Assert.Equal("Ada@people.example", (await probe.ExportAsync<PersonalData>()).GetProperty("accounts")[0].GetProperty("email").GetString());
        Assert.Equal(1, await probe.EraseAsync<PersonalData>());
        Assert.Equal(1, await app.SeeAsync<long>("select count(*) from gpu_usage_logs where customer_email is null"));

        var asked = TimeProvider.System.GetUtcNow();
        Assert.Equal(0, await probe.TryEraseAsync<PersonalData>(asked));
        await using (var work = await app.Database.BeginAsync(app.Tenant, default)) // they come back
        {
            await new CustomerSignedUpHandler().HandleAsync(new() { TenantId = app.Tenant.Value, UserId = Guid.CreateVersion7(), Email = "ada@people.example", OccurredAt = TimeProvider.System.GetUtcNow() }, work, default);
            await work.CommitAsync(default);
        }
        Assert.Equal(0, await probe.TryEraseAsync<PersonalData>(asked)); // asked again
        Assert.Equal("ada@people.example", await app.SeeAsync<string>("select customer_email from gpu_usage_logs"));
        Assert.Equal(1, await probe.EraseAsync<PersonalData>()); // by a request of theirs
    }
}
