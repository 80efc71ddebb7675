using Dapper;
using Empire.Payments.Customers;
using Empire.Payments.Heard;
using Empire.Payments.Tests.Ledger;
using Empire.Testing;

namespace Empire.Payments.Tests;

/// <summary>In a database of its own: the walk below takes the walls away.</summary>
public sealed class TenantTableTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    [Fact]
    public Task Every_table_with_a_tenant_is_isolated() => TenantTables.AssertIsolatedAsync(app.TestDatabase, "redact_provider_events", "redact_payers");
}

/// <summary>Its books are not checked meanwhile: what the check remembers of an account is no stranger's doing.</summary>
public sealed class UncheckedApp : PaymentsApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Ledger:CheckEvery", "01:00:00")];
}

[CollectionDefinition(nameof(IsolationTests), DisableParallelization = true)]
[Collection(nameof(IsolationTests))]
public sealed class IsolationTests(UncheckedApp app) : IClassFixture<UncheckedApp>
{
    [Fact]
    public async Task Another_account_learns_and_changes_nothing_by_any_endpoint()
    {
        var books = new Books(app);
        var (elsewhere, customer, payment, theirs) = (TenantId.New(TimeProvider.System.GetUtcNow()), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await books.PostAsync(Books.Sale("isolated", 97, new() { PieceId = Guid.CreateVersion7(), PublicationId = Guid.CreateVersion7(), ProductId = Guid.CreateVersion7(), CustomerId = customer, PaymentId = payment }));
        await books.HearAsync(new HearConversions(), books.Conversion());
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync())
            await owner.ExecuteAsync(
                """
                insert into customers (id, tenant_id, email, tier, told_status, test, created_at, updated_at) values (@customer, @tenant, 'isolated@example.com', 'professional', 'active', true, now(), now());
                insert into payments (id, tenant_id, provider, purpose, customer_id, amount_micros, currency, description, status, provider_ref, test, created_at, updated_at, captured_at)
                values (@payment, @tenant, 'stripe', 'sale', @customer, 97000000, 'USD', 'A sale', 'succeeded', 'pi_isolated', true, now(), now(), now());
                insert into billing_settings (tenant_id, name, updated_at) values (@tenant, 'isolated', now());
                insert into billing_links (id, tenant_id, customer_id, expires_at) values (@alert, @tenant, @customer, now() + interval '1 day');
                insert into stripe_customers_aside (stripe_id, tenant_id, customer_id, test) values ('cus_isolated', @tenant, @customer, false);
                insert into refunds (id, tenant_id, payment_id, amount_micros, currency, provider, created_at, updated_at) values (@refund, @tenant, @payment, 1000000, 'USD', 'stripe', now(), now());
                insert into disputes (id, tenant_id, payment_id, provider, provider_ref, amount_micros, currency, reason, status, opened_at) values (@dispute, @tenant, @payment, 'stripe', 'dp_isolated', 97000000, 'USD', 'fraudulent', 'needs_response', now());
                insert into subscriptions (id, tenant_id, customer_id, provider_ref, price, status, test, created_at, updated_at) values (@subscription, @tenant, @customer, 'sub_isolated', 'price_1', 'active', true, now(), now());
                insert into invoices (id, tenant_id, customer_id, subscription_id, number, provider_ref, amount_due_micros, amount_paid_micros, currency, status, lines, told_at, told_by, test, created_at)
                values (@invoice, @tenant, @customer, @subscription, 'ISO-1', 'in_isolated', 1000000, 0, 'USD', 'open', '[]', now(), 'evt', true, now());
                insert into entitlements (id, tenant_id, customer_id, tier, source, source_id, starts_at, test) values (@entitlement, @tenant, @customer, 'professional', 'payment', @payment, now(), true);
                insert into alerts (id, tenant_id, severity, subject, message, raised_at) values (@alert, @tenant, 'high', 'isolated', 'isolated', now());
                insert into coupons (id, tenant_id, code, percent_off, duration, test, created_at) values (@coupon, @tenant, 'ISOLATED', 10, 'once', true, now());
                insert into coupon_redemptions (id, tenant_id, coupon_id, customer_id, source, created_at, updated_at) values (@payment, @tenant, @coupon, @customer, 'payment', now(), now());
                insert into customers (id, tenant_id, email, test, created_at, updated_at) values (@referred, @tenant, 'referred@example.com', true, now(), now());
                insert into referrals (id, tenant_id, referrer_id, test, created_at, updated_at) values (@referred, @tenant, @customer, true, now(), now());
                insert into sellers (id, tenant_id, email, country, fee_percent, provider_ref, test, created_at) values (@seller, @tenant, 'seller@example.com', 'US', 10, 'acct_isolated', true, now());
                insert into customers (id, tenant_id, email, test, created_at, updated_at) values (@theirs, @elsewhere, 'stranger@example.com', true, now(), now())
                """,
                new
                {
                    tenant = books.Tenant.Value, elsewhere = elsewhere.Value, customer, theirs, payment, refund = Guid.CreateVersion7(), dispute = Guid.CreateVersion7(), subscription = Guid.CreateVersion7(),
                    invoice = Guid.CreateVersion7(), entitlement = Guid.CreateVersion7(), alert = Guid.CreateVersion7(), seller = Guid.CreateVersion7(), coupon = Guid.CreateVersion7(), referred = Guid.CreateVersion7(),
                });
        var (own, other) = (PublicId.Format(Customer.Prefix, customer), PublicId.Format(Customer.Prefix, theirs));
        const string lineage = "a thing of another service, kept as it is told", operators = "the operator's alone", upgrade = "stands in the books of whoever runs the installation; UpgradeTests shows it to its buyer and not to a stranger";
        await IsolationMatrix.AssertAsync(app, books.Tenant, new()
        {
            Elsewhere = elsewhere,
            // A coupon that there is not ends the call before a provider is asked, which is not there.
            Bodies = new Dictionary<string, string>
            {
                ["POST /api/v1/revenue/payments"] = $$"""{"customer_id": "{{own}}", "amount": 39.00, "currency": "USD", "coupon": "NO-SUCH"}""",
                ["POST /api/v1/revenue/subscriptions"] = $$"""{"customer_id": "{{own}}", "price_id": "price_isolated", "coupon": "NO-SUCH"}""",
            },
            Counterparts = new Dictionary<string, string> { [own] = other },
            Foreign = new Dictionary<string, string>
            {
                ["POST /api/v1/ledger/costs piece_id"] = lineage, ["POST /api/v1/ledger/costs product_id"] = lineage, ["POST /api/v1/ledger/costs publication_id"] = lineage,
                ["POST /api/v1/ledger/income piece_id"] = lineage, ["POST /api/v1/ledger/income product_id"] = lineage, ["POST /api/v1/ledger/income publication_id"] = lineage,
                ["POST /api/v1/revenue/payments piece_id"] = lineage, ["POST /api/v1/revenue/payments product_id"] = lineage, ["POST /api/v1/revenue/payments publication_id"] = lineage,
                ["POST /api/v1/revenue/subscriptions price_id"] = "Stripe's, which looks for it itself",
                ["PUT /api/v1/revenue/billing tax_id"] = "of the account itself, printed on its receipts",
            },
            Unproven = new Dictionary<string, string>
            {
                ["GET /api/upgrade/{id}"] = upgrade,
                ["POST /api/upgrade coupon"] = upgrade,
                ["POST /api/upgrade referral_code"] = upgrade,
                ["POST /api/v1/ledger/rebuild tenant"] = operators,
                ["POST /api/v1/revenue/intake/{id}/dismiss"] = operators,
                ["POST /api/v1/revenue/intake/{id}/retry"] = operators,
            },
        });
    }
}
