namespace Stripe;

/// <summary>Which type an object of the API has here, by its <c>object</c>.</summary>
public static class StripeTypeRegistry
{
    public static readonly IReadOnlyDictionary<string, Type> ObjectsToTypes = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["account"] = typeof(Account),
        ["account_link"] = typeof(AccountLink),
        ["application"] = typeof(Application),
        ["application_fee"] = typeof(ApplicationFee),
        ["balance"] = typeof(Balance),
        ["balance_transaction"] = typeof(BalanceTransaction),
        ["billing_portal.session"] = typeof(BillingPortal.Session),
        ["charge"] = typeof(Charge),
        ["checkout.session"] = typeof(Checkout.Session),
        ["coupon"] = typeof(Coupon),
        ["customer"] = typeof(Customer),
        ["customer_balance_transaction"] = typeof(CustomerBalanceTransaction),
        ["discount"] = typeof(Discount),
        ["dispute"] = typeof(Dispute),
        ["event"] = typeof(Event),
        ["fee_refund"] = typeof(ApplicationFeeRefund),
        ["file"] = typeof(File),
        ["file_link"] = typeof(FileLink),
        ["invoice"] = typeof(Invoice),
        ["invoiceitem"] = typeof(InvoiceItem),
        ["item"] = typeof(LineItem),
        ["line_item"] = typeof(InvoiceLineItem),
        ["login_link"] = typeof(LoginLink),
        ["payment_intent"] = typeof(PaymentIntent),
        ["payment_link"] = typeof(PaymentLink),
        ["payment_method"] = typeof(PaymentMethod),
        ["payout"] = typeof(Payout),
        ["price"] = typeof(Price),
        ["product"] = typeof(Product),
        ["promotion_code"] = typeof(PromotionCode),
        ["refund"] = typeof(Refund),
        ["setup_intent"] = typeof(SetupIntent),
        ["shipping_rate"] = typeof(ShippingRate),
        ["subscription"] = typeof(Subscription),
        ["subscription_item"] = typeof(SubscriptionItem),
        ["tax_code"] = typeof(TaxCode),
        ["tax_id"] = typeof(TaxId),
        ["tax_rate"] = typeof(TaxRate),
        ["test_helpers.test_clock"] = typeof(TestHelpers.TestClock),
        ["transfer"] = typeof(Transfer),
        ["transfer_reversal"] = typeof(TransferReversal),
        ["usage_record"] = typeof(UsageRecord),
        ["webhook_endpoint"] = typeof(WebhookEndpoint),
    };

    /// <summary>The type to read an object as.</summary>
    /// <returns>A class is itself; for an interface the class of that <c>object</c>, or null where there is none or it is not one of them.</returns>
    public static Type GetConcreteType(Type potentialType, string objectValue) =>
        !potentialType.IsInterface ? potentialType
        : objectValue is not null && ObjectsToTypes.TryGetValue(objectValue, out var type) && potentialType.IsAssignableFrom(type) ? type
        : null;
}
