using Empire.Analytics.Privacy;
using Empire.Testing;

namespace Empire.Analytics.Tests.Privacy;

public sealed class PersonalDataTests(AnalyticsApp app) : IClassFixture<AnalyticsApp>
{
    [Fact]
    public async Task Nothing_is_kept_of_a_user_so_there_is_nothing_to_tell_or_to_erase()
    {
        var probe = new PersonalDataProbe(app.Services, app.Database, app.Tenant, Guid.CreateVersion7(), "ada@people.example");
        Assert.Empty((await probe.ExportAsync<PersonalData>()).EnumerateObject());
        Assert.Equal(0, await probe.EraseAsync<PersonalData>());
    }
}
