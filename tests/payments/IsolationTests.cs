using Empire.Testing;

namespace Empire.Payments.Tests;

[CollectionDefinition(nameof(IsolationTests), DisableParallelization = true)]
[Collection(nameof(IsolationTests))]
public sealed class IsolationTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    [Fact]
    public Task Every_table_with_a_tenant_is_isolated() => TenantTables.AssertIsolatedAsync(app.TestDatabase);
}
