namespace Stripe;

public class PaymentMethodBillingDetailsOptions : INestedOptions
{
    public AddressOptions Address { get; set; }
    public string Email { get; set; }
    public string Name { get; set; }
    public string Phone { get; set; }
}

public class PaymentMethodCardOptions : INestedOptions
{
    public string Cvc { get; set; }
    public long? ExpMonth { get; set; }
    public long? ExpYear { get; set; }
    public string Number { get; set; }
    public string Token { get; set; }
}

public class PaymentMethodLinkOptions : INestedOptions;

public class PaymentMethodSepaDebitOptions : INestedOptions
{
    public string Iban { get; set; }
}

public class PaymentMethodUsBankAccountOptions : INestedOptions
{
    public string AccountHolderType { get; set; }
    public string AccountNumber { get; set; }
    public string AccountType { get; set; }
    public string FinancialConnectionsAccount { get; set; }
    public string RoutingNumber { get; set; }
}
