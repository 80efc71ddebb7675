using Empire.Data;
using Empire.Http;
using Empire.Payments.Customers;
using Empire.Payments.Stripe;
using Empire.Payments.Upgrades;
using Microsoft.AspNetCore.Http.HttpResults;
using StripeNet = global::Stripe;

namespace Empire.Payments.Subscriptions;

/// <summary>Stripe's own pages on which whoever pays gives another card, sees what they paid, and ends what they no longer want. A session is opened when somebody goes there and is over soon after.</summary>
public static class BillingPortal
{
    private const string Done = "/billing/done";

    /// <summary>How long the link in a mail opens it: as long as Stripe keeps trying to collect, and some days.</summary>
    private static readonly TimeSpan LinkLasts = TimeSpan.FromDays(30);

    /// <param name="Url">Where the browser goes; for a few minutes.</param>
    /// <example>{"url": "https://billing.stripe.com/p/session/test_YWNjdF8x"}</example>
    public sealed record Response(string Url);

    public static void MapBillingPortal(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/v1/revenue/billing-portal", OwnAsync).WithTags("Subscriptions").WithName("OpenBillingPortal").NeedsProvider(StripeSetup.Provider).ForRoles("owner", "admin");
        app.MapPost("/api/v1/revenue/customers/{id}/billing-portal", OfCustomerAsync).WithTags("Subscriptions").WithName("OpenCustomerBillingPortal").NeedsProvider(StripeSetup.Provider).ForRoles("owner", "admin", "member", "service");
        app.MapGet("/billing/{key:guid}", ByLinkAsync).WithTags("Subscriptions").AllowAnonymous().ExcludeFromDescription();
        app.MapGet(Done, () => Page("Your changes are saved. You can close this page.")).WithTags("Subscriptions").AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>Opens the pages on which the caller's account gives another card for what it pays here, or ends it.</summary>
    private static async Task<Results<Ok<Response>, ProblemHttpResult>> OwnAsync(
        Caller caller, AccountDirectory accounts, Database db, IHttpClientFactory clients, [FromKeyedServices(StripeSetup.Provider)] StripeOptions options, IConfiguration configuration, CancellationToken ct)
    {
        var seller = await accounts.OperatorAsync(caller.Tenant, ct);
        string? customer;
        await using (var work = await db.BeginAsync(seller, ct))
            customer = await work.QuerySingleOrDefaultAsync<string>("select stripe_id from customers where tenant_id = current_tenant() and account_id = @account", new { account = caller.Tenant.Value }, ct);
        return customer is null
            ? new Refusal("nothing-to-manage", "This account has no card with Stripe; what it pays, it pays another way.").ToProblem(StatusCodes.Status404NotFound)
            : TypedResults.Ok(new Response(await OpenAsync(clients, options, configuration, customer, ct)));
    }

    /// <summary>Opens the same pages for a customer of the caller's account, who is to be sent there.</summary>
    /// <param name="id">cust_….</param>
    private static async Task<Results<Ok<Response>, NotFound, ProblemHttpResult>> OfCustomerAsync(
        string id, Caller caller, Database db, IHttpClientFactory clients, [FromKeyedServices(StripeSetup.Provider)] StripeOptions options, IConfiguration configuration, CancellationToken ct)
    {
        if (!PublicId.TryParse(Customer.Prefix, id, out var key)) return TypedResults.NotFound();
        Customer? customer;
        await using (var work = await db.BeginAsync(caller.Tenant, ct)) customer = await CustomerTable.FindAsync(work, key, ct);
        if (customer is null) return TypedResults.NotFound();
        return customer.StripeId is null
            ? new Refusal("nothing-to-manage", "Stripe does not know this customer yet.").ToProblem()
            : TypedResults.Ok(new Response(await OpenAsync(clients, options, configuration, customer.StripeId, ct)));
    }

    /// <summary>By the link of a mail, without signing in. Where the payer's bank has asked for them, another card is not what is wanted: then it opens the page of that invoice.</summary>
    private static async Task<IResult> ByLinkAsync(
        Guid key, HttpResponse response, Database db, IHttpClientFactory clients, [FromKeyedServices(StripeSetup.Provider)] StripeOptions options, IConfiguration configuration, CancellationToken ct)
    {
        string? customer, invoice;
        await using (var work = await db.BeginSystemAsync(ct))
            (customer, invoice) = await work.QuerySingleOrDefaultAsync<(string?, string?)>(
                """
                select c.stripe_id, (select i.hosted_url from invoices i where i.tenant_id = c.tenant_id and i.customer_id = c.id and i.test = c.test and i.awaits_payer and i.status = 'open' and i.hosted_url is not null order by i.created_at desc limit 1)
                from billing_links l join customers c on c.id = l.customer_id where l.id = @key and l.expires_at > @Now
                """, new { key, work.Now }, ct);
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "private, no-store";
        if (customer is null)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return Page("This link is over. Sign in and open your billing from there.");
        }
        if (options.Off)
        {
            response.StatusCode = StatusCodes.Status501NotImplemented;
            return Page("Cards cannot be changed here at the moment. Ask whoever sent you this link.");
        }
        return TypedResults.Redirect(invoice ?? await OpenAsync(clients, options, configuration, customer, ct));
    }

    /// <summary>A link for a mail that asks for another card, or for the payer's word to their bank.</summary>
    /// <returns>Where it opens, after the address of the installation.</returns>
    internal static async Task<string> LinkAsync(Work work, Guid customer, CancellationToken ct)
    {
        var key = await work.QuerySingleAsync<Guid>(
            "insert into billing_links (id, tenant_id, customer_id, expires_at) values (gen_random_uuid(), @Tenant, @customer, @until) returning id", new { work.Tenant, customer, until = work.Now + LinkLasts }, ct);
        return $"/billing/{key:N}";
    }

    private static async Task<string> OpenAsync(IHttpClientFactory clients, StripeOptions options, IConfiguration configuration, string customer, CancellationToken ct)
    {
        try
        {
            var root = (configuration["Empire:PublicUrl"] ?? "http://localhost:8080").TrimEnd('/');
            return (await new StripeNet.BillingPortal.SessionService(StripeActs.Client(clients, options)).CreateAsync(new() { Customer = customer, ReturnUrl = root + Done }, cancellationToken: ct)).Url;
        }
        catch (StripeNet.StripeException e) { throw StripeActs.Failed(e); }
    }

    private static PlainPage Page(string words) => new("Billing", $"<main><h1>Billing</h1><p>{words}</p></main>");
}
