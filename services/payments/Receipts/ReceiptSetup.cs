namespace Empire.Payments.Receipts;

public static class ReceiptSetup
{
    public static void MapReceipts(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/revenue/payments/{id}/receipt", Receipt.ShowAsync).WithTags("Receipts").WithName("GetReceipt");
        var billing = app.MapGroup("/api/v1/revenue/billing").WithTags("Receipts");
        billing.MapGet("", BillingSettings.ShowAsync).WithName("GetBillingSettings");
        billing.MapPut("", BillingSettings.SetAsync).WithName("SetBillingSettings").ForRoles("owner", "admin");
        app.MapGet("/receipt/{key:guid}", Receipt.OpenAsync).WithTags("Receipts").AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/invoice/{key:guid}", Receipt.OpenInvoiceAsync).WithTags("Receipts").AllowAnonymous().ExcludeFromDescription();
    }
}
