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
        update customers c set name = coalesce(@Name, name), test = @Test, api_key_reference = @ApiKeyReference, wanted_method = @paymentMethod, updated_at = @CreatedAt
        where tenant_id = current_tenant() and account_id = @AccountId and stripe_id is null and request_key is null
          and not exists (select from kernel.effects e where e.tenant_id = current_tenant() and e.kind = @Kind and e.intent ->> 'customerId' = c.id::text)
        returning id
        """, new { customer.Name, customer.Test, customer.ApiKeyReference, paymentMethod, customer.CreatedAt, customer.AccountId, MirrorCustomer.Kind }, ct);

    /// <summary>The row of an account whose person was forgotten becomes that of another person of it, who pays from now on. Where Stripe knows the customer, or is about to, it is to be told, and what it has of the forgotten one's cards
    /// is taken away then (<see cref="Customer.HasForgottenCards"/>).</summary>
    /// <returns>Null where nobody was forgotten.</returns>
    public static Task<Customer?> TakeOverAsync(Work work, Guid account, string email, string? name, string? paymentMethod, CancellationToken ct) => work.QuerySingleOrDefaultAsync<Customer>(
        $"""
        with taken as (
          update customers c set email = @email, name = @name, wanted_method = @paymentMethod, stripe_problem = null, updated_at = @Now,
            forgotten_until = case when stripe_id is not null or exists (select from kernel.effects e where e.tenant_id = current_tenant() and e.kind = @Kind and e.intent ->> 'customerId' = c.id::text and e.state in ('planned', 'running', 'unknown')) then 'infinity' else @Now end
          where tenant_id = current_tenant() and account_id = @account and email like '{ErasedLike}' returning *
        ), aside as (update stripe_customers_aside a set forgotten_until = 'infinity' from taken where a.tenant_id = current_tenant() and a.customer_id = taken.id)
        select * from taken
        """, new { email = email.Trim().ToLowerInvariant(), name, paymentMethod, work.Now, account, MirrorCustomer.Kind }, ct);

    public static Task<Customer?> FindAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<Customer>("select * from customers where tenant_id = current_tenant() and id = @id", new { id }, ct);

    /// <summary>What stands at Stripe now.</summary>
    /// <param name="email">Of the person for whom it was done: where somebody else has become this customer since, their card is nobody's.</param>
    /// <param name="test">The mode of the key by which it was done.</param>
    /// <returns>False where the customer is of the other mode by now, or again: nothing is written.</returns>
    public static async Task<bool> MirroredAsync(Work work, Guid id, string email, string stripeId, bool test, string? method, string? brand, string? lastFour, CancellationToken ct)
    {
        if (await work.ExecuteAsync(
            "update customers set stripe_id = @stripeId, mode_known_of = @stripeId, stripe_problem = null, updated_at = @Now where tenant_id = current_tenant() and id = @id and test = @test", new { id, stripeId, test, work.Now }, ct) == 0) return false;
        if (method is not null)
            await work.ExecuteAsync(
                $"""
                update customers set payment_method = @method, card_brand = coalesce(@brand, card_brand), card_last4 = coalesce(@lastFour, card_last4)
                where tenant_id = current_tenant() and id = @id and email not like '{ErasedLike}' and {Theirs}
                """, new { id, email, method, brand, lastFour }, ct);
        return true;
    }

    /// <summary>No card of who is forgotten stands at Stripe any more.</summary>
    /// <returns>False where somebody else was forgotten meanwhile.</returns>
    public static async Task<bool> CardsForgottenAsync(Work work, Guid id, string email, string stripeId, CancellationToken ct) => await work.ExecuteAsync(
        "update customers set forgotten_until = @Now where tenant_id = current_tenant() and id = @id and email = @email and stripe_id = @stripeId and forgotten_until = 'infinity'", new { id, email, stripeId, work.Now }, ct) == 1;

    public static Task ProblemAsync(Work work, Guid id, string email, string problem, CancellationToken ct) =>
        work.ExecuteAsync($"update customers set stripe_problem = @problem, updated_at = @Now where tenant_id = current_tenant() and id = @id and {Theirs}", new { id, email, problem, work.Now }, ct);

    /// <summary>Nobody has become this customer since it was decided for <c>@email</c>: until all is settled that was decided before, the cards of the one before still stand.</summary>
    private const string Theirs = "(forgotten_until is distinct from 'infinity' or email = @email)";
}
