namespace Stripe;

public class CustomerCashBalanceOptions : INestedOptions
{
    public CustomerCashBalanceSettingsOptions Settings { get; set; }
}

public class CustomerCashBalanceSettingsOptions : INestedOptions
{
    public string ReconciliationMode { get; set; }
}

public class CustomerInvoiceSettingsCustomFieldOptions : INestedOptions
{
    public string Name { get; set; }
    public string Value { get; set; }
}

public class CustomerInvoiceSettingsOptions : INestedOptions
{
    public List<CustomerInvoiceSettingsCustomFieldOptions> CustomFields { get; set; }
    public string DefaultPaymentMethod { get; set; }
    public string Footer { get; set; }
    public CustomerInvoiceSettingsRenderingOptionsOptions RenderingOptions { get; set; }
}

public class CustomerInvoiceSettingsRenderingOptionsOptions : INestedOptions
{
    public string AmountTaxDisplay { get; set; }
}

public class CustomerTaxIdDataOptions : INestedOptions
{
    public string Type { get; set; }
    public string Value { get; set; }
}

public class CustomerTaxOptions : INestedOptions
{
    public string IpAddress { get; set; }
}
