using Empire.Sandbox.Stripe;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Sandbox.Tests.Stripe;

/// <summary>The emulation held against Stripe's own description of version 2023-08-16, where it is at hand.</summary>
public sealed class DescriptionTests(SandboxApp app) : IClassFixture<SandboxApp>
{
    static readonly Lazy<Schemas?> Description = new(() => Schemas.Load("stripe/spec3.2023-09-12.yaml"));

    [Fact]
    public void Every_parameter_that_is_taken_is_one_of_stripe_s_and_required_where_stripe_requires_it()
    {
        if (Description.Value is not { } description) return;
        using var client = app.Client();
        var operations = app.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).Select(e => e.Metadata.GetMetadata<StripeOperation>()).OfType<StripeOperation>().ToList();
        Assert.True(operations.Count > 20, $"only {operations.Count} operations");
        Assert.Empty(operations.SelectMany(o => description.ParameterFaults(o.Method, "/v1" + o.Path, o.Parameters.Paths)));
    }

    [Fact]
    public async Task Every_object_that_is_shown_fits_its_schema()
    {
        using var stripe = new StripeApi(app);
        await app.ResetAsync();
        await StripeWalk.EverythingAsync(stripe, app);
        if (Description.Value is not { } description) return;
        var seen = new HashSet<string>();
        var clock = (await stripe.GetAsync("/test_helpers/test_clocks"))["data"]![0]!["id"]!.ToString();
        foreach (var path in StripeWalk.Lists.Select(p => p.Replace("{clock}", clock, StringComparison.Ordinal)))
        {
            var list = await stripe.GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=100");
            Assert.True(list["data"]!.AsArray().Count > 0, $"{path} is empty");
            foreach (var item in list["data"]!.AsArray())
            {
                var type = item!["object"]!.ToString();
                var faults = description.Faults(type, item);
                Assert.True(faults.Count == 0, $"{item["id"]}: {string.Join("; ", faults)}");
                seen.Add(type);
            }
        }
        Assert.Superset(new HashSet<string>(["customer", "payment_method", "payment_intent", "charge", "balance_transaction", "refund", "event", "subscription", "invoice", "invoiceitem", "product", "price", "test_helpers.test_clock",
            "dispute", "account", "transfer", "application_fee", "payout", "coupon", "promotion_code", "checkout.session"]), seen);
        var bought = (await stripe.GetAsync("/checkout/sessions"))["data"]![0]!;
        Assert.All((await stripe.GetAsync($"/checkout/sessions/{bought["id"]}/line_items"))["data"]!.AsArray(), item => Assert.Empty(description.Faults("item", item)));
        Assert.Empty(description.Faults("invoice", await stripe.GetAsync($"/invoices/upcoming?subscription={bought["subscription"]}")));
        Assert.Empty(description.Faults("deleted_discount", await stripe.DeleteAsync($"/subscriptions/{bought["subscription"]}/discount")));
        Assert.Empty(description.Faults("account", await stripe.GetAsync("/account")));
        Assert.Empty(description.Faults("balance", await stripe.GetAsync("/balance")));
        var refused = await stripe.PayAsync(5000, "pm_card_chargeDeclined");
        Assert.Empty(description.Faults("error", refused.Body));
    }
}
