using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Payments.Stripe;
using Microsoft.AspNetCore.Http.HttpResults;

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
        Request request, Caller caller, Database db, [FromKeyedServices(StripeSetup.Provider)] StripeOptions stripe, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var customer = new Customer { Id = Guid.CreateVersion7(now), Email = request.Email.Trim().ToLowerInvariant(), Name = request.Name, ApiKeyReference = request.ApiKeyReference, Test = stripe.Test, CreatedAt = now };
        await using (var work = await db.BeginAsync(caller.Tenant, ct))
        {
            if (!await CustomerTable.AddAsync(work, customer, request.PaymentMethod, ct)) return new Refusal("customer-exists", "There is a customer of this e-mail address already.").ToProblem();
            await work.PlanAsync(new Effects.EffectPlan<MirrorCustomer>(MirrorCustomer.KeyOf(customer.Id, request.PaymentMethod), new(customer.Id, customer.Email, customer.Name, request.PaymentMethod)), ct);
            work.Audit("customer.created", "customer", customer.PublicId);
            await work.CommitAsync(ct);
        }
        if (request.PaymentMethod is { } method) await Awaited.SettledAsync(db, caller.Tenant, MirrorCustomer.Kind, MirrorCustomer.KeyOf(customer.Id, method), ct); // so that the answer says whether the card is taken
        return TypedResults.Created($"/api/v1/revenue/customers/{customer.PublicId}", (await GetCustomer.ReadAsync(db, caller.Tenant, customer.Id, ct))!);
    }
}
