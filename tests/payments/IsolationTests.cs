using Empire.Payments.Heard;
using Empire.Payments.Tests.Ledger;
using Empire.Testing;

namespace Empire.Payments.Tests;

[CollectionDefinition(nameof(IsolationTests), DisableParallelization = true)]
[Collection(nameof(IsolationTests))]
public sealed class IsolationTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    [Fact]
    public Task Every_table_with_a_tenant_is_isolated() => TenantTables.AssertIsolatedAsync(app.TestDatabase);

    [Fact]
    public async Task Another_account_learns_and_changes_nothing_by_any_endpoint()
    {
        var books = new Books(app);
        await books.PostAsync(Books.Sale("isolated", 97));
        await books.HearAsync(new HearConversions(), books.Conversion());
        await IsolationMatrix.AssertAsync(app, books.Tenant, "/api/v1/payments/effects/{id}"); // nothing here plans one yet
    }
}
