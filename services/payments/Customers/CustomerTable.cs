using Empire.Data;

namespace Empire.Payments.Customers;

internal static class CustomerTable
{
    /// <summary>The address of a customer who was forgotten; nothing that tells who they are is written there again.</summary>
    public const string ErasedLike = "erased-%@erased.invalid";

    /// <summary>The same of one customer.</summary>
    public static string ErasedOf(Guid customer) => ErasedLike.Replace("%", customer.ToString(), StringComparison.Ordinal);

    /// <returns>False when the tenant has a customer of this address already.</returns>
    public static async Task<bool> AddAsync(Work work, Customer customer, string? paymentMethod, CancellationToken ct) => await work.ExecuteAsync(
        """
        insert into customers (id, tenant_id, email, name, account_id, api_key_reference, wanted_method, test, created_at, updated_at)
        values (@Id, @Tenant, @Email, @Name, @AccountId, @ApiKeyReference, @paymentMethod, @Test, @CreatedAt, @CreatedAt) on conflict do nothing
        """, new { customer.Id, work.Tenant, customer.Email, customer.Name, customer.AccountId, customer.ApiKeyReference, paymentMethod, customer.Test, customer.CreatedAt }, ct) == 1;

    /// <summary>Completes the row of an account that nobody has charged yet.</summary>
    /// <returns>Its id; null where it was taken in before.</returns>
    public static Task<Guid?> AdoptAsync(Work work, Customer customer, string? paymentMethod, CancellationToken ct) => work.QuerySingleOrDefaultAsync<Guid?>(
        """
        update customers c set name = coalesce(@Name, name), api_key_reference = @ApiKeyReference, wanted_method = @paymentMethod, updated_at = @CreatedAt
        where tenant_id = current_tenant() and account_id = @AccountId and stripe_id is null and request_key is null
          and not exists (select from kernel.effects e where e.tenant_id = current_tenant() and e.kind = @Kind and e.intent ->> 'customerId' = c.id::text)
        returning id
        """, new { customer.Name, customer.ApiKeyReference, paymentMethod, customer.CreatedAt, customer.AccountId, MirrorCustomer.Kind }, ct);

    /// <summary>The row of an account whose person was forgotten becomes that of another person of it, who pays from now on. Where Stripe knows them, it is to be told.</summary>
    /// <returns>Null where nobody was forgotten.</returns>
    public static Task<Customer?> TakeOverAsync(Work work, Guid account, string email, string? name, string? paymentMethod, CancellationToken ct) => work.QuerySingleOrDefaultAsync<Customer>(
        $"""
        update customers set email = @email, name = @name, wanted_method = @paymentMethod, updated_at = @Now
        where tenant_id = current_tenant() and account_id = @account and email like '{ErasedLike}' returning *
        """, new { email = email.Trim().ToLowerInvariant(), name, paymentMethod, work.Now, account }, ct);

    public static Task<Customer?> FindAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Customer>("select * from customers where tenant_id = current_tenant() and id = @id", new { id }, ct);

    /// <summary>What stands at Stripe now.</summary>
    public static Task MirroredAsync(Work work, Guid id, string stripeId, string? method, string? brand, string? lastFour, CancellationToken ct) => work.ExecuteAsync(
        $"""
        update customers set stripe_id = @stripeId, stripe_problem = null, updated_at = @Now where tenant_id = current_tenant() and id = @id;
        update customers set payment_method = coalesce(@method, payment_method), card_brand = coalesce(@brand, card_brand), card_last4 = coalesce(@lastFour, card_last4)
        where tenant_id = current_tenant() and id = @id and email not like '{ErasedLike}'
        """, new { id, stripeId, method, brand, lastFour, work.Now }, ct);

    public static Task ProblemAsync(Work work, Guid id, string problem, CancellationToken ct) =>
        work.ExecuteAsync("update customers set stripe_problem = @problem, updated_at = @Now where tenant_id = current_tenant() and id = @id", new { id, problem, work.Now }, ct);
}
