namespace Empire.Payments.Transactions;

public static class TransactionEndpoints
{
    public static void MapTransactions(this IEndpointRouteBuilder app)
    {
        var transactions = app.MapGroup("/api/v1/revenue/transactions").WithTags("Transactions");
        transactions.MapGet("", ListTransactions.HandleAsync).WithName("ListTransactions");
        transactions.MapPost("/{id}/confirm", MoveTransaction.ConfirmAsync).WithName("ConfirmTransaction").ForRoles("owner", "admin", "member", "service").WithIdempotencyKey();
        transactions.MapPost("/{id}/pay", MoveTransaction.PayAsync).WithName("PayTransaction").ForRoles("owner", "admin", "member", "service").WithIdempotencyKey();
    }
}
