using System.Text.Json.Serialization;

namespace Stripe;

public class AccountBusinessProfileMonthlyEstimatedRevenueOptions : INestedOptions
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string Currency { get; set; }
}

public class AccountBusinessProfileOptions : INestedOptions
{
    public string Mcc { get; set; }
    public AccountBusinessProfileMonthlyEstimatedRevenueOptions MonthlyEstimatedRevenue { get; set; }
    public string Name { get; set; }
    public string ProductDescription { get; set; }
    public AddressOptions SupportAddress { get; set; }
    public string SupportEmail { get; set; }
    public string SupportPhone { get; set; }
    public string SupportUrl { get; set; }
    public string Url { get; set; }
}

public class AccountCapabilitiesAcssDebitPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesAffirmPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesAfterpayClearpayPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesAuBecsDebitPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesBacsDebitPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesBancontactPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesBankTransferPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesBlikPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesBoletoPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesCardIssuingOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesCardPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesCartesBancairesPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesCashappPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesEpsPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesFpxPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesGiropayPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesGrabpayPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesIdealPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesIndiaInternationalPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesJcbPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesKlarnaPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesKonbiniPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesLegacyPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesLinkPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesOptions : INestedOptions
{
    public AccountCapabilitiesAcssDebitPaymentsOptions AcssDebitPayments { get; set; }
    public AccountCapabilitiesAffirmPaymentsOptions AffirmPayments { get; set; }
    public AccountCapabilitiesAfterpayClearpayPaymentsOptions AfterpayClearpayPayments { get; set; }
    public AccountCapabilitiesAuBecsDebitPaymentsOptions AuBecsDebitPayments { get; set; }
    public AccountCapabilitiesBacsDebitPaymentsOptions BacsDebitPayments { get; set; }
    public AccountCapabilitiesBancontactPaymentsOptions BancontactPayments { get; set; }
    public AccountCapabilitiesBankTransferPaymentsOptions BankTransferPayments { get; set; }
    public AccountCapabilitiesBlikPaymentsOptions BlikPayments { get; set; }
    public AccountCapabilitiesBoletoPaymentsOptions BoletoPayments { get; set; }
    public AccountCapabilitiesCardIssuingOptions CardIssuing { get; set; }
    public AccountCapabilitiesCardPaymentsOptions CardPayments { get; set; }
    public AccountCapabilitiesCartesBancairesPaymentsOptions CartesBancairesPayments { get; set; }
    public AccountCapabilitiesCashappPaymentsOptions CashappPayments { get; set; }
    public AccountCapabilitiesEpsPaymentsOptions EpsPayments { get; set; }
    public AccountCapabilitiesFpxPaymentsOptions FpxPayments { get; set; }
    public AccountCapabilitiesGiropayPaymentsOptions GiropayPayments { get; set; }
    public AccountCapabilitiesGrabpayPaymentsOptions GrabpayPayments { get; set; }
    public AccountCapabilitiesIdealPaymentsOptions IdealPayments { get; set; }
    public AccountCapabilitiesIndiaInternationalPaymentsOptions IndiaInternationalPayments { get; set; }
    public AccountCapabilitiesJcbPaymentsOptions JcbPayments { get; set; }
    public AccountCapabilitiesKlarnaPaymentsOptions KlarnaPayments { get; set; }
    public AccountCapabilitiesKonbiniPaymentsOptions KonbiniPayments { get; set; }
    public AccountCapabilitiesLegacyPaymentsOptions LegacyPayments { get; set; }
    public AccountCapabilitiesLinkPaymentsOptions LinkPayments { get; set; }
    public AccountCapabilitiesOxxoPaymentsOptions OxxoPayments { get; set; }
    public AccountCapabilitiesP24PaymentsOptions P24Payments { get; set; }
    public AccountCapabilitiesPaynowPaymentsOptions PaynowPayments { get; set; }
    public AccountCapabilitiesPromptpayPaymentsOptions PromptpayPayments { get; set; }
    public AccountCapabilitiesSepaDebitPaymentsOptions SepaDebitPayments { get; set; }
    public AccountCapabilitiesSofortPaymentsOptions SofortPayments { get; set; }
    [JsonPropertyName("tax_reporting_us_1099_k")] public AccountCapabilitiesTaxReportingUs1099KOptions TaxReportingUs1099K { get; set; }
    [JsonPropertyName("tax_reporting_us_1099_misc")] public AccountCapabilitiesTaxReportingUs1099MiscOptions TaxReportingUs1099Misc { get; set; }
    public AccountCapabilitiesTransfersOptions Transfers { get; set; }
    public AccountCapabilitiesTreasuryOptions Treasury { get; set; }
    public AccountCapabilitiesUsBankAccountAchPaymentsOptions UsBankAccountAchPayments { get; set; }
    public AccountCapabilitiesZipPaymentsOptions ZipPayments { get; set; }
}

public class AccountCapabilitiesOxxoPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesP24PaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesPaynowPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesPromptpayPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesSepaDebitPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesSofortPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesTaxReportingUs1099KOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesTaxReportingUs1099MiscOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesTransfersOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesTreasuryOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesUsBankAccountAchPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCapabilitiesZipPaymentsOptions : INestedOptions
{
    public bool? Requested { get; set; }
}

public class AccountCompanyOptions : INestedOptions
{
    public AddressOptions Address { get; set; }
    public AddressJapanOptions AddressKana { get; set; }
    public AddressJapanOptions AddressKanji { get; set; }
    public bool? DirectorsProvided { get; set; }
    public bool? ExecutivesProvided { get; set; }
    public string ExportLicenseId { get; set; }
    public string ExportPurposeCode { get; set; }
    public string Name { get; set; }
    public string NameKana { get; set; }
    public string NameKanji { get; set; }
    public bool? OwnersProvided { get; set; }
    public AccountCompanyOwnershipDeclarationOptions OwnershipDeclaration { get; set; }
    public string Phone { get; set; }
    public string RegistrationNumber { get; set; }
    public string Structure { get; set; }
    public string TaxId { get; set; }
    public string TaxIdRegistrar { get; set; }
    public string VatId { get; set; }
    public AccountCompanyVerificationOptions Verification { get; set; }
}

public class AccountCompanyOwnershipDeclarationOptions : INestedOptions
{
    public DateTime? Date { get; set; }
    public string Ip { get; set; }
    public string UserAgent { get; set; }
}

public class AccountCompanyVerificationDocumentOptions : INestedOptions
{
    public string Back { get; set; }
    public string Front { get; set; }
}

public class AccountCompanyVerificationOptions : INestedOptions
{
    public AccountCompanyVerificationDocumentOptions Document { get; set; }
}

public class AccountDocumentsBankAccountOwnershipVerificationOptions : INestedOptions
{
    public List<string> Files { get; set; }
}

public class AccountDocumentsCompanyLicenseOptions : INestedOptions
{
    public List<string> Files { get; set; }
}

public class AccountDocumentsCompanyMemorandumOfAssociationOptions : INestedOptions
{
    public List<string> Files { get; set; }
}

public class AccountDocumentsCompanyMinisterialDecreeOptions : INestedOptions
{
    public List<string> Files { get; set; }
}

public class AccountDocumentsCompanyRegistrationVerificationOptions : INestedOptions
{
    public List<string> Files { get; set; }
}

public class AccountDocumentsCompanyTaxIdVerificationOptions : INestedOptions
{
    public List<string> Files { get; set; }
}

public class AccountDocumentsOptions : INestedOptions
{
    public AccountDocumentsBankAccountOwnershipVerificationOptions BankAccountOwnershipVerification { get; set; }
    public AccountDocumentsCompanyLicenseOptions CompanyLicense { get; set; }
    public AccountDocumentsCompanyMemorandumOfAssociationOptions CompanyMemorandumOfAssociation { get; set; }
    public AccountDocumentsCompanyMinisterialDecreeOptions CompanyMinisterialDecree { get; set; }
    public AccountDocumentsCompanyRegistrationVerificationOptions CompanyRegistrationVerification { get; set; }
    public AccountDocumentsCompanyTaxIdVerificationOptions CompanyTaxIdVerification { get; set; }
    public AccountDocumentsProofOfRegistrationOptions ProofOfRegistration { get; set; }
}

public class AccountDocumentsProofOfRegistrationOptions : INestedOptions
{
    public List<string> Files { get; set; }
}

public class AccountIndividualOptions : INestedOptions, IHasMetadata
{
    public AddressOptions Address { get; set; }
    public AddressJapanOptions AddressKana { get; set; }
    public AddressJapanOptions AddressKanji { get; set; }
    public DobOptions Dob { get; set; }
    public string Email { get; set; }
    public string FirstName { get; set; }
    public string FirstNameKana { get; set; }
    public string FirstNameKanji { get; set; }
    public List<string> FullNameAliases { get; set; }
    public string Gender { get; set; }
    public string IdNumber { get; set; }
    public string IdNumberSecondary { get; set; }
    public string LastName { get; set; }
    public string LastNameKana { get; set; }
    public string LastNameKanji { get; set; }
    public string MaidenName { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Phone { get; set; }
    public string PoliticalExposure { get; set; }
    public AddressOptions RegisteredAddress { get; set; }
    [JsonPropertyName("ssn_last_4")] public string SsnLast4 { get; set; }
    public AccountIndividualVerificationOptions Verification { get; set; }
}

public class AccountIndividualVerificationAdditionalDocumentOptions : INestedOptions
{
    public string Back { get; set; }
    public string Front { get; set; }
}

public class AccountIndividualVerificationDocumentOptions : INestedOptions
{
    public string Back { get; set; }
    public string Front { get; set; }
}

public class AccountIndividualVerificationOptions : INestedOptions
{
    public AccountIndividualVerificationAdditionalDocumentOptions AdditionalDocument { get; set; }
    public AccountIndividualVerificationDocumentOptions Document { get; set; }
}

public class AccountSettingsBrandingOptions : INestedOptions
{
    public string Icon { get; set; }
    public string Logo { get; set; }
    public string PrimaryColor { get; set; }
    public string SecondaryColor { get; set; }
}

public class AccountSettingsCardIssuingOptions : INestedOptions
{
    public AccountSettingsCardIssuingTosAcceptanceOptions TosAcceptance { get; set; }
}

public class AccountSettingsCardIssuingTosAcceptanceOptions : INestedOptions
{
    public DateTime? Date { get; set; }
    public string Ip { get; set; }
    public string UserAgent { get; set; }
}

public class AccountSettingsCardPaymentsDeclineOnOptions : INestedOptions
{
    public bool? AvsFailure { get; set; }
    public bool? CvcFailure { get; set; }
}

public class AccountSettingsCardPaymentsOptions : INestedOptions
{
    public AccountSettingsCardPaymentsDeclineOnOptions DeclineOn { get; set; }
    public string StatementDescriptorPrefix { get; set; }
    public string StatementDescriptorPrefixKana { get; set; }
    public string StatementDescriptorPrefixKanji { get; set; }
}

public class AccountSettingsOptions : INestedOptions
{
    public AccountSettingsBrandingOptions Branding { get; set; }
    public AccountSettingsCardIssuingOptions CardIssuing { get; set; }
    public AccountSettingsCardPaymentsOptions CardPayments { get; set; }
    public AccountSettingsPaymentsOptions Payments { get; set; }
    public AccountSettingsPayoutsOptions Payouts { get; set; }
    public AccountSettingsTreasuryOptions Treasury { get; set; }
}

public class AccountSettingsPaymentsOptions : INestedOptions
{
    public string StatementDescriptor { get; set; }
    public string StatementDescriptorKana { get; set; }
    public string StatementDescriptorKanji { get; set; }
}

public class AccountSettingsPayoutsOptions : INestedOptions
{
    public bool? DebitNegativeBalances { get; set; }
    public AccountSettingsPayoutsScheduleOptions Schedule { get; set; }
    public string StatementDescriptor { get; set; }
}

public class AccountSettingsPayoutsScheduleOptions : INestedOptions
{
    public AnyOf<long?, AccountSettingsPayoutsScheduleDelayDays> DelayDays { get; set; }
    public string Interval { get; set; }
    public long? MonthlyAnchor { get; set; }
    public string WeeklyAnchor { get; set; }
}

public class AccountSettingsTreasuryOptions : INestedOptions
{
    public AccountSettingsTreasuryTosAcceptanceOptions TosAcceptance { get; set; }
}

public class AccountSettingsTreasuryTosAcceptanceOptions : INestedOptions
{
    public DateTime? Date { get; set; }
    public string Ip { get; set; }
    public string UserAgent { get; set; }
}

public class AccountTosAcceptanceOptions : INestedOptions
{
    public DateTime? Date { get; set; }
    public string Ip { get; set; }
    public string ServiceAgreement { get; set; }
    public string UserAgent { get; set; }
}
