using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>An account that Stripe pays out to: the platform's own, or a connected one.</summary>
public class Account : StripeEntity<Account>, IHasId, IHasMetadata, IHasObject, IPaymentSource
{
    public string Id { get; set; }
    public string Object { get; set; }
    public AccountBusinessProfile BusinessProfile { get; set; }
    public string BusinessType { get; set; }
    public AccountCapabilities Capabilities { get; set; }
    public bool ChargesEnabled { get; set; }
    public AccountCompany Company { get; set; }
    public AccountController Controller { get; set; }
    public string Country { get; set; }
    public DateTime Created { get; set; }
    public string DefaultCurrency { get; set; }
    public bool? Deleted { get; set; }
    public bool DetailsSubmitted { get; set; }
    public string Email { get; set; }
    public StripeList<IExternalAccount> ExternalAccounts { get; set; }
    public AccountFutureRequirements FutureRequirements { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public bool PayoutsEnabled { get; set; }
    public AccountRequirements Requirements { get; set; }
    public AccountSettings Settings { get; set; }
    public AccountTosAcceptance TosAcceptance { get; set; }
    public string Type { get; set; }
}

public class AccountBusinessProfile : StripeEntity<AccountBusinessProfile>
{
    public string Mcc { get; set; }
    public AccountBusinessProfileMonthlyEstimatedRevenue MonthlyEstimatedRevenue { get; set; }
    public string Name { get; set; }
    public string ProductDescription { get; set; }
    public Address SupportAddress { get; set; }
    public string SupportEmail { get; set; }
    public string SupportPhone { get; set; }
    public string SupportUrl { get; set; }
    public string Url { get; set; }
}

public class AccountBusinessProfileMonthlyEstimatedRevenue : StripeEntity<AccountBusinessProfileMonthlyEstimatedRevenue>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public string Currency { get; set; }
}

public class AccountCapabilities : StripeEntity<AccountCapabilities>
{
    public string AcssDebitPayments { get; set; }
    public string AffirmPayments { get; set; }
    public string AfterpayClearpayPayments { get; set; }
    public string AuBecsDebitPayments { get; set; }
    public string BacsDebitPayments { get; set; }
    public string BancontactPayments { get; set; }
    public string BankTransferPayments { get; set; }
    public string BlikPayments { get; set; }
    public string BoletoPayments { get; set; }
    public string CardIssuing { get; set; }
    public string CardPayments { get; set; }
    public string CartesBancairesPayments { get; set; }
    public string CashappPayments { get; set; }
    public string EpsPayments { get; set; }
    public string FpxPayments { get; set; }
    public string GiropayPayments { get; set; }
    public string GrabpayPayments { get; set; }
    public string IdealPayments { get; set; }
    public string IndiaInternationalPayments { get; set; }
    public string JcbPayments { get; set; }
    public string KlarnaPayments { get; set; }
    public string KonbiniPayments { get; set; }
    public string LegacyPayments { get; set; }
    public string LinkPayments { get; set; }
    public string OxxoPayments { get; set; }
    public string P24Payments { get; set; }
    public string PaynowPayments { get; set; }
    public string PromptpayPayments { get; set; }
    public string SepaDebitPayments { get; set; }
    public string SofortPayments { get; set; }
    [JsonPropertyName("tax_reporting_us_1099_k")] public string TaxReportingUs1099K { get; set; }
    [JsonPropertyName("tax_reporting_us_1099_misc")] public string TaxReportingUs1099Misc { get; set; }
    public string Transfers { get; set; }
    public string Treasury { get; set; }
    public string UsBankAccountAchPayments { get; set; }
    public string ZipPayments { get; set; }
}

public class AccountCompany : StripeEntity<AccountCompany>
{
    public Address Address { get; set; }
    public AddressJapan AddressKana { get; set; }
    public AddressJapan AddressKanji { get; set; }
    public bool DirectorsProvided { get; set; }
    public bool ExecutivesProvided { get; set; }
    public string ExportLicenseId { get; set; }
    public string ExportPurposeCode { get; set; }
    public string Name { get; set; }
    public string NameKana { get; set; }
    public string NameKanji { get; set; }
    public bool OwnersProvided { get; set; }
    public AccountCompanyOwnershipDeclaration OwnershipDeclaration { get; set; }
    public string Phone { get; set; }
    public string Structure { get; set; }
    public bool TaxIdProvided { get; set; }
    public string TaxIdRegistrar { get; set; }
    public bool VatIdProvided { get; set; }
    public AccountCompanyVerification Verification { get; set; }
}

public class AccountCompanyOwnershipDeclaration : StripeEntity<AccountCompanyOwnershipDeclaration>
{
    public DateTime? Date { get; set; }
    public string Ip { get; set; }
    public string UserAgent { get; set; }
}

public class AccountCompanyVerification : StripeEntity<AccountCompanyVerification>
{
    public AccountCompanyVerificationDocument Document { get; set; }
}

public class AccountCompanyVerificationDocument : StripeEntity<AccountCompanyVerificationDocument>
{
    [JsonIgnore] public string BackId { get => BackField.Id; set => BackField = BackField.WithId(value); }
    [JsonIgnore] public File Back { get => BackField.Object; set => BackField = Expandable<File>.Of(value); }
    [JsonInclude, JsonPropertyName("back")] internal Expandable<File> BackField { get; set; }
    public string Details { get; set; }
    public string DetailsCode { get; set; }
    [JsonIgnore] public string FrontId { get => FrontField.Id; set => FrontField = FrontField.WithId(value); }
    [JsonIgnore] public File Front { get => FrontField.Object; set => FrontField = Expandable<File>.Of(value); }
    [JsonInclude, JsonPropertyName("front")] internal Expandable<File> FrontField { get; set; }
}

public class AccountController : StripeEntity<AccountController>
{
    public bool IsController { get; set; }
    public string Type { get; set; }
}

public class AccountFutureRequirements : StripeEntity<AccountFutureRequirements>
{
    public List<AccountFutureRequirementsAlternative> Alternatives { get; set; }
    public DateTime? CurrentDeadline { get; set; }
    public List<string> CurrentlyDue { get; set; }
    public string DisabledReason { get; set; }
    public List<AccountFutureRequirementsError> Errors { get; set; }
    public List<string> EventuallyDue { get; set; }
    public List<string> PastDue { get; set; }
    public List<string> PendingVerification { get; set; }
}

public class AccountFutureRequirementsAlternative : StripeEntity<AccountFutureRequirementsAlternative>
{
    public List<string> AlternativeFieldsDue { get; set; }
    public List<string> OriginalFieldsDue { get; set; }
}

public class AccountFutureRequirementsError : StripeEntity<AccountFutureRequirementsError>
{
    public string Code { get; set; }
    public string Reason { get; set; }
    public string Requirement { get; set; }
}

public class AccountRequirements : StripeEntity<AccountRequirements>
{
    public List<AccountRequirementsAlternative> Alternatives { get; set; }
    public DateTime? CurrentDeadline { get; set; }
    public List<string> CurrentlyDue { get; set; }
    public string DisabledReason { get; set; }
    public List<AccountRequirementsError> Errors { get; set; }
    public List<string> EventuallyDue { get; set; }
    public List<string> PastDue { get; set; }
    public List<string> PendingVerification { get; set; }
}

public class AccountRequirementsAlternative : StripeEntity<AccountRequirementsAlternative>
{
    public List<string> AlternativeFieldsDue { get; set; }
    public List<string> OriginalFieldsDue { get; set; }
}

public class AccountRequirementsError : StripeEntity<AccountRequirementsError>
{
    public string Code { get; set; }
    public string Reason { get; set; }
    public string Requirement { get; set; }
}

public class AccountSettings : StripeEntity<AccountSettings>
{
    public AccountSettingsBacsDebitPayments BacsDebitPayments { get; set; }
    public AccountSettingsBranding Branding { get; set; }
    public AccountSettingsCardIssuing CardIssuing { get; set; }
    public AccountSettingsCardPayments CardPayments { get; set; }
    public AccountSettingsDashboard Dashboard { get; set; }
    public AccountSettingsPayments Payments { get; set; }
    public AccountSettingsPayouts Payouts { get; set; }
    public AccountSettingsSepaDebitPayments SepaDebitPayments { get; set; }
    public AccountSettingsTreasury Treasury { get; set; }
}

public class AccountSettingsBacsDebitPayments : StripeEntity<AccountSettingsBacsDebitPayments>
{
    public string DisplayName { get; set; }
}

public class AccountSettingsBranding : StripeEntity<AccountSettingsBranding>
{
    [JsonIgnore] public string IconId { get => IconField.Id; set => IconField = IconField.WithId(value); }
    [JsonIgnore] public File Icon { get => IconField.Object; set => IconField = Expandable<File>.Of(value); }
    [JsonInclude, JsonPropertyName("icon")] internal Expandable<File> IconField { get; set; }
    [JsonIgnore] public string LogoId { get => LogoField.Id; set => LogoField = LogoField.WithId(value); }
    [JsonIgnore] public File Logo { get => LogoField.Object; set => LogoField = Expandable<File>.Of(value); }
    [JsonInclude, JsonPropertyName("logo")] internal Expandable<File> LogoField { get; set; }
    public string PrimaryColor { get; set; }
    public string SecondaryColor { get; set; }
}

public class AccountSettingsCardIssuing : StripeEntity<AccountSettingsCardIssuing>
{
    public AccountSettingsCardIssuingTosAcceptance TosAcceptance { get; set; }
}

public class AccountSettingsCardIssuingTosAcceptance : StripeEntity<AccountSettingsCardIssuingTosAcceptance>
{
    public long? Date { get; set; }
    public string Ip { get; set; }
    public string UserAgent { get; set; }
}

public class AccountSettingsCardPayments : StripeEntity<AccountSettingsCardPayments>
{
    public AccountSettingsDeclineOn DeclineOn { get; set; }
    public string StatementDescriptorPrefix { get; set; }
    public string StatementDescriptorPrefixKana { get; set; }
    public string StatementDescriptorPrefixKanji { get; set; }
}

public class AccountSettingsDashboard : StripeEntity<AccountSettingsDashboard>
{
    public string DisplayName { get; set; }
    public string Timezone { get; set; }
}

public class AccountSettingsDeclineOn : StripeEntity<AccountSettingsDeclineOn>
{
    public bool AvsFailure { get; set; }
    public bool CvcFailure { get; set; }
}

public class AccountSettingsPayments : StripeEntity<AccountSettingsPayments>
{
    public string StatementDescriptor { get; set; }
    public string StatementDescriptorKana { get; set; }
    public string StatementDescriptorKanji { get; set; }
    public string StatementDescriptorPrefixKana { get; set; }
    public string StatementDescriptorPrefixKanji { get; set; }
}

public class AccountSettingsPayouts : StripeEntity<AccountSettingsPayouts>
{
    public bool DebitNegativeBalances { get; set; }
    public AccountSettingsPayoutsSchedule Schedule { get; set; }
    public string StatementDescriptor { get; set; }
}

public class AccountSettingsPayoutsSchedule : StripeEntity<AccountSettingsPayoutsSchedule>
{
    public long DelayDays { get; set; }
    public string Interval { get; set; }
    public long MonthlyAnchor { get; set; }
    public string WeeklyAnchor { get; set; }
}

/// <summary>The shortest delay that Stripe allows the account.</summary>
public class AccountSettingsPayoutsScheduleDelayDays : StringEnum
{
    public static readonly AccountSettingsPayoutsScheduleDelayDays Minimum = new("minimum");

    AccountSettingsPayoutsScheduleDelayDays(string value) : base(value)
    {
    }
}

public class AccountSettingsSepaDebitPayments : StripeEntity<AccountSettingsSepaDebitPayments>
{
    public string CreditorId { get; set; }
}

public class AccountSettingsTreasury : StripeEntity<AccountSettingsTreasury>
{
    public AccountSettingsTreasuryTosAcceptance TosAcceptance { get; set; }
}

public class AccountSettingsTreasuryTosAcceptance : StripeEntity<AccountSettingsTreasuryTosAcceptance>
{
    public long? Date { get; set; }
    public string Ip { get; set; }
    public string UserAgent { get; set; }
}

public class AccountTosAcceptance : StripeEntity<AccountTosAcceptance>
{
    public DateTime? Date { get; set; }
    public string Ip { get; set; }
    public string ServiceAgreement { get; set; }
    public string UserAgent { get; set; }
}
