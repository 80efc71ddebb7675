using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Payments.Referrals;
using Empire.Payments.Stripe;
using Empire.Payments.Upgrades;
using Empire.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Payments.Customers;

/// <summary>Takes a customer in: the row, and the effect that makes them at Stripe, commit together.</summary>
public static class CreateCustomer
{
    /// <example>{"email": "grace@example.com", "name": "Grace", "payment_method": "pm_card_visa"}</example>
    /// <param name="PaymentMethod">Stripe's token of a method to charge by default, as pm_…; never a card number.</param>
    /// <param name="ApiKeyReference">The last four characters of the key they are known by elsewhere.</param>
    /// <param name="Account">The address is a person's of an account of this installation, who has confirmed it, and that account's tier follows what this customer pays. For the operator alone.</param>
    /// <param name="TestClock">Stripe's id of a test clock, as clock_…, in whose time their subscriptions run. With a test key alone.</param>
    /// <param name="ReferralCode">Of the customer who sent them.</param>
    public sealed record Request(
        [Required, EmailAddress, StringLength(254)] string Email, [StringLength(200)] string? Name = null, [StringLength(100), RegularExpression("^pm_[A-Za-z0-9_]+$")] string? PaymentMethod = null,
        [StringLength(8)] string? ApiKeyReference = null, bool Account = false, [StringLength(100), RegularExpression("^clock_[A-Za-z0-9_]+$")] string? TestClock = null,
        [StringLength(20)] string? ReferralCode = null);

    public static async Task<Results<Created<CustomerView>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, Database db, AccountDirectory accounts, [FromKeyedServices(StripeSetup.Provider)] StripeOptions stripe, TimeProvider clock, CancellationToken ct,
        [FromHeader(Name = "Idempotency-Key")] string? requestKey = null)
    {
        if (request.TestClock is not null && !stripe.Test) throw new InvalidFieldException("test_clock", "is for a test key of Stripe; this one is live.");
        var account = request.Account ? await AccountAsync(request.Email, caller, accounts, ct) : (Guid?)null;
        var now = clock.GetUtcNow();
        var (id, mirroredAgain) = (Guid.CreateVersion7(now), (string?)null);
        var customer = new Customer { Id = id, Email = request.Email.Trim().ToLowerInvariant(), Name = request.Name, AccountId = account, ApiKeyReference = request.ApiKeyReference, Test = stripe.Test, CreatedAt = now };
        await using (var work = await db.BeginAsync(caller.Tenant, ct))
        {
            if (requestKey is not null && await work.QuerySingleOrDefaultAsync<Guid?>("select id from customers where tenant_id = current_tenant() and request_key = @requestKey", new { requestKey }, ct) is { } known) id = known;
            else
            {
                await ErasedAddresses.KeepAsync(work, customer.Email, ct);
                Customer? forgotten = null;
                if (!await CustomerTable.AddAsync(work, customer, request.PaymentMethod, ct))
                {
                    // An account is known since its sign-up; whoever begins to charge it takes it in.
                    forgotten = account is { } whose ? await CustomerTable.TakeOverAsync(work, whose, customer.Email, customer.Name, request.PaymentMethod, ct) : null;
                    if ((forgotten?.Id ?? await CustomerTable.AdoptAsync(work, customer, request.PaymentMethod, ct)) is not { } enrolled) return new Refusal("customer-exists", "There is a customer of this e-mail address already.").ToProblem();
                    id = enrolled;
                }
                if (requestKey is not null) await work.ExecuteAsync("update customers set request_key = @requestKey where tenant_id = current_tenant() and id = @id", new { requestKey, id }, ct);
                if (request.ReferralCode is { } code && await ReferralTable.RecordAsync(work, id, code, ct) is { } refusal) return refusal.ToProblem();
                if (forgotten is not null) mirroredAgain = await MirrorCustomer.AgainAsync(work, forgotten, request.PaymentMethod, ct);
                else await work.PlanAsync(new Effects.EffectPlan<MirrorCustomer>(MirrorCustomer.KeyOf(id, request.PaymentMethod), new(id, customer.Email, customer.Name, request.PaymentMethod, request.TestClock)), ct);
                work.Audit("customer.created", "customer", PublicId.Format(Customer.Prefix, id));
                await work.CommitAsync(ct);
            }
        }
        if (request.PaymentMethod is not null) await Awaited.SettledAsync(db, caller.Tenant, MirrorCustomer.Kind, mirroredAgain ?? MirrorCustomer.KeyOf(id, request.PaymentMethod), ct); // so that the answer says whether the card is taken
        return TypedResults.Created($"/api/v1/revenue/customers/{PublicId.Format(Customer.Prefix, id)}", (await GetCustomer.ReadAsync(db, caller.Tenant, id, ct))!);
    }

    private static async Task<Guid> AccountAsync(string email, Caller caller, AccountDirectory accounts, CancellationToken ct)
    {
        if (await accounts.OperatorAsync(caller.Tenant, ct) != caller.Tenant) throw new InvalidFieldException("account", "is for the account that runs this installation: its customers alone pay for tiers.");
        return await accounts.FindAsync(caller, email, ct) is { } found ? Guid.Parse(found.TenantId) : throw new InvalidFieldException("email", "belongs to no account of this installation, or has not been confirmed by whoever signed up with it.");
    }
}
