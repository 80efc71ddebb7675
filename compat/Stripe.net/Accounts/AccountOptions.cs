namespace Stripe;

/// <summary>Parameters of <c>POST /v1/accounts</c>.</summary>
public class AccountCreateOptions : BaseOptions, IHasMetadata
{
    public string AccountToken { get; set; }
    public AccountBusinessProfileOptions BusinessProfile { get; set; }
    public string BusinessType { get; set; }
    public AccountCapabilitiesOptions Capabilities { get; set; }
    public AccountCompanyOptions Company { get; set; }
    public string Country { get; set; }
    public string DefaultCurrency { get; set; }
    public AccountDocumentsOptions Documents { get; set; }
    public string Email { get; set; }
    public string ExternalAccount { get; set; }
    public AccountIndividualOptions Individual { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public AccountSettingsOptions Settings { get; set; }
    public AccountTosAcceptanceOptions TosAcceptance { get; set; }
    public string Type { get; set; }
}

/// <summary>Parameters of <c>DELETE /v1/accounts/{id}</c>.</summary>
public class AccountDeleteOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/accounts/{id}</c>.</summary>
public class AccountGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/accounts</c>.</summary>
public class AccountListOptions : ListOptionsWithCreated;

/// <summary>Parameters of <c>POST /v1/accounts/{id}/reject</c>.</summary>
public class AccountRejectOptions : BaseOptions
{
    public string Reason { get; set; }
}

/// <summary>Parameters of <c>POST /v1/accounts/{id}</c>.</summary>
public class AccountUpdateOptions : BaseOptions, IHasMetadata
{
    public string AccountToken { get; set; }
    public AccountBusinessProfileOptions BusinessProfile { get; set; }
    public string BusinessType { get; set; }
    public AccountCapabilitiesOptions Capabilities { get; set; }
    public AccountCompanyOptions Company { get; set; }
    public string DefaultCurrency { get; set; }
    public AccountDocumentsOptions Documents { get; set; }
    public string Email { get; set; }
    public string ExternalAccount { get; set; }
    public AccountIndividualOptions Individual { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public AccountSettingsOptions Settings { get; set; }
    public AccountTosAcceptanceOptions TosAcceptance { get; set; }
}
