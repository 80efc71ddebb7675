using Empire.Testing;

namespace Empire.Acquisition.Tests;

[CollectionDefinition(nameof(IsolationTests), DisableParallelization = true)]
[Collection(nameof(IsolationTests))]
public sealed class IsolationTests(AcquisitionApp app) : IClassFixture<AcquisitionApp>
{
    [Fact]
    public async Task Another_account_learns_and_changes_nothing_by_any_endpoint()
    {
        await app.PublishAsync(app.SignUp("isolated@example.test"));
        await app.SettledAsync("sent", "isolated@example.test");
        await IsolationMatrix.AssertAsync(app, app.Tenant, "/api/v1/acquisition/mail/templates/{name}/preview"); // the operator's
    }
}
