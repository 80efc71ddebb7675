using Empire.Data;
using Empire.Http;

namespace Empire.Payments.Referrals;

/// <summary>A customer who came by another's code. <see cref="Id"/> is theirs.</summary>
public sealed class Referral
{
    public Guid Id { get; init; }
    public TenantId TenantId { get; init; }
    public Guid ReferrerId { get; init; }

    /// <summary>waiting, rewarded, taken_back, or kept: given back after the credit was spent.</summary>
    public string Status { get; init; } = "";
    public Guid? PaymentId { get; init; }
    public long? RewardMicros { get; init; }
    public string? Currency { get; init; }
    public bool AtStripe { get; init; }
    public bool Test { get; init; }

    /// <summary>They had paid in test mode first, and then in earnest.</summary>
    public bool InEarnest { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Under which it is told, booked and moved. What was only tried keeps the words and acts that it had.</summary>
    public Guid ToldAs => InEarnest ? Ledger.Book.IdOf(TenantId, $"referral:{Id}:in-earnest") : Id;

    /// <summary>Whether a payment is the first that counts.</summary>
    public bool IsMetBy(bool test) => Status == "waiting" || (Test && !test);

    public Money Reward => new(RewardMicros!.Value, Empire.Currency.Parse(Currency!));
}

internal static class ReferralTable
{
    private const string Field = "referral_code";

    /// <summary>Records by whose code a customer came. Said again it changes nothing.</summary>
    /// <returns>Null when it stands, otherwise the rule that forbids it.</returns>
    /// <exception cref="InvalidFieldException">referral_code: it is nobody's, or the customer's own.</exception>
    public static async Task<Refusal?> RecordAsync(Work work, Guid referred, string code, CancellationToken ct)
    {
        var known = await work.QuerySingleAsync<(string Email, bool Test, bool Paid)>(
            """
            select email, test, exists (select from payments p where p.tenant_id = current_tenant() and p.customer_id = c.id and p.status = 'succeeded' and p.amount_micros > 0 and (c.test or not p.test))
            from customers c where tenant_id = current_tenant() and id = @referred for update
            """, new { referred }, ct);
        var found = await work.QuerySingleOrDefaultAsync<(Guid Id, string Email)?>("select id, email from customers where tenant_id = current_tenant() and referral_code = @code", new { code = code.Trim().ToUpperInvariant() }, ct);
        if (found is not { } referrer) throw new InvalidFieldException(Field, "is nobody's code.");
        if (referrer.Id == referred || referrer.Email == known.Email) throw new InvalidFieldException(Field, "is their own.");
        if (await work.QuerySingleOrDefaultAsync<Guid?>("select referrer_id from referrals where tenant_id = current_tenant() and id = @referred", new { referred }, ct) is { } before)
            return before == referrer.Id ? null : new("referral-recorded", "They came by another's code.");
        if (known.Paid) return new("referral-too-late", "Whoever has paid already is no new customer.");
        await work.ExecuteAsync(
            "insert into referrals (id, tenant_id, referrer_id, test, created_at, updated_at) values (@referred, @Tenant, @referrer, @Test, @Now, @Now)", new { referred, work.Tenant, referrer = referrer.Id, known.Test, work.Now }, ct);
        work.Audit("customer.referred", "customer", PublicId.Format(Customers.Customer.Prefix, referred));
        return null;
    }

    public static Task<Referral?> FindAsync(Work work, Guid referred, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Referral>("select * from referrals where tenant_id = current_tenant() and id = @referred", new { referred }, ct);

    /// <summary>Locked until the work ends: payment and refund are heard by two queues, and the second sees what the first did.</summary>
    public static Task<Referral?> LockAsync(Work work, Guid referred, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Referral>("select * from referrals where tenant_id = current_tenant() and id = @referred for update", new { referred }, ct);

    public static Task SetAsync(Work work, Guid referred, string status, CancellationToken ct) =>
        work.ExecuteAsync("update referrals set status = @status, updated_at = @Now where tenant_id = current_tenant() and id = @referred", new { referred, status, work.Now }, ct);
}
