using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Payments.Stripe;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Payments.Customers;

/// <summary>Takes a customer in: the row, and the effect that makes them at Stripe, commit together.</summary>
public static class CreateCustomer
{
    /// <param name="PaymentMethod">Stripe's token of a method to charge by default, as pm_…; never a card number.</param>
    /// <param name="ApiKeyReference">The last four characters of the key they are known by elsewhere.</param>
    public sealed record Request(
        [Required, EmailAddress, StringLength(254)] string Email, [StringLength(200)] string? Name = null, [StringLength(100), RegularExpression("^pm_[A-Za-z0-9_]+$")] string? PaymentMethod = null,
        [StringLength(8)] string? ApiKeyReference = null);

    public static async Task<Results<Created<CustomerView>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, Database db, [FromKeyedServices(StripeSetup.Provider)] StripeOptions stripe, TimeProvider clock, CancellationToken ct,
        [FromHeader(Name = "Idempotency-Key")] string? requestKey = null)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var customer = new Customer { Id = id, Email = request.Email.Trim().ToLowerInvariant(), Name = request.Name, ApiKeyReference = request.ApiKeyReference, Test = stripe.Test, CreatedAt = now };
        await using (var work = await db.BeginAsync(caller.Tenant, ct))
        {
            if (requestKey is not null && await work.QuerySingleOrDefaultAsync<Guid?>("select id from customers where tenant_id = current_tenant() and request_key = @requestKey", new { requestKey }, ct) is { } known) id = known;
            else
            {
                if (!await CustomerTable.AddAsync(work, customer, request.PaymentMethod, ct)) return new Refusal("customer-exists", "There is a customer of this e-mail address already.").ToProblem();
                if (requestKey is not null) await work.ExecuteAsync("update customers set request_key = @requestKey where tenant_id = current_tenant() and id = @id", new { requestKey, id }, ct);
                await work.PlanAsync(new Effects.EffectPlan<MirrorCustomer>(MirrorCustomer.KeyOf(id, request.PaymentMethod), new(id, customer.Email, customer.Name, request.PaymentMethod)), ct);
                work.Audit("customer.created", "customer", customer.PublicId);
                await work.CommitAsync(ct);
            }
        }
        if (request.PaymentMethod is { } method) await Awaited.SettledAsync(db, caller.Tenant, MirrorCustomer.Kind, MirrorCustomer.KeyOf(id, method), ct); // so that the answer says whether the card is taken
        return TypedResults.Created($"/api/v1/revenue/customers/{PublicId.Format(Customer.Prefix, id)}", (await GetCustomer.ReadAsync(db, caller.Tenant, id, ct))!);
    }
}
