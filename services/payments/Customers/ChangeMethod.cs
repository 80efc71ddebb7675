using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Payments.Customers;

/// <summary>Gives a customer another method to be charged by default.</summary>
public static class ChangeMethod
{
    /// <example>{"payment_method": "pm_card_visa"}</example>
    /// <param name="PaymentMethod">Stripe's token, as pm_…; never a card number.</param>
    public sealed record Request([Required, StringLength(100), RegularExpression("^pm_[A-Za-z0-9_]+$")] string PaymentMethod);

    internal static readonly Refusal Erased = new("customer-erased", "Who this customer was is forgotten. Where it is an account, take in the person who pays for it now.");

    public static async Task<Results<Ok<CustomerView>, NotFound, ProblemHttpResult>> HandleAsync(string id, Request request, Caller caller, Database db, CancellationToken ct)
    {
        if (!PublicId.TryParse(Customer.Prefix, id, out var customer)) return TypedResults.NotFound();
        string key;
        await using (var work = await db.BeginAsync(caller.Tenant, ct))
        {
            if (await CustomerTable.FindAsync(work, customer, ct) is not { } known) return TypedResults.NotFound();
            await ErasedAddresses.KeepAsync(work, known.Email, ct);
            known = (await CustomerTable.FindAsync(work, customer, ct))!; // an erasure that was waited for has taken the address
            if (known.Erased) return Erased.ToProblem();
            key = await MirrorCustomer.AgainAsync(work, known, request.PaymentMethod, ct);
            work.Audit("customer.payment-method-changed", "customer", known.PublicId);
            await work.CommitAsync(ct);
        }
        if (await Awaited.SettledAsync(db, caller.Tenant, MirrorCustomer.Kind, key, ct) is { State: "rejected", Detail: { } detail }) return new Refusal("payment-failed", detail).ToProblem(StatusCodes.Status402PaymentRequired);
        return TypedResults.Ok((await GetCustomer.ReadAsync(db, caller.Tenant, customer, ct))!);
    }
}
