namespace Empire.Contracts;

/// <summary>A new account exists. Published by identity, once per tenant.</summary>
public sealed record TenantCreated
{
    public required Guid TenantId { get; init; }
    public required string Name { get; init; }
    /// <summary>IANA zone of the owner's calendar, as America/New_York: days and schedules follow it.</summary>
    public required string TimeZone { get; init; }
    /// <summary>free, professional or enterprise; null where it was not told: free.</summary>
    public string? Tier { get; init; }
    /// <summary>It is the account that runs this installation, not a customer's.</summary>
    public bool Operator { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A person signed up. Secrets are sealed for the purpose named; only what writes the mail opens them.</summary>
public sealed record CustomerSignedUp
{
    public required Guid TenantId { get; init; }
    public required Guid UserId { get; init; }
    public required string Email { get; init; }
    /// <summary>Sealed for <c>mail:api-key</c>; null where no key was made.</summary>
    public string? SealedApiKey { get; init; }
    /// <summary>Sealed for <c>mail:verification</c>: the token that <c>GET /api/auth/verify?token=</c> takes.</summary>
    public string? SealedVerificationToken { get; init; }
    /// <summary>By whose referral code they came, as they gave it; null where they gave none.</summary>
    public string? ReferralCode { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A person asked for the verification of their address again.</summary>
public sealed record EmailVerificationRequested
{
    public required Guid TenantId { get; init; }
    public required Guid UserId { get; init; }
    public required string Email { get; init; }
    /// <summary>Sealed for <c>mail:verification</c>.</summary>
    public required string SealedVerificationToken { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A person forgot their password.</summary>
public sealed record PasswordResetRequested
{
    public required Guid TenantId { get; init; }
    public required Guid UserId { get; init; }
    public required string Email { get; init; }
    /// <summary>Sealed for <c>mail:password-reset</c>: the token that <c>POST /api/auth/reset-password</c> takes.</summary>
    public required string SealedToken { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>An invite was made out to an address.</summary>
public sealed record InviteSent
{
    public required Guid TenantId { get; init; }
    public required Guid InviteId { get; init; }
    public required string Email { get; init; }
    /// <summary>Sealed for <c>mail:invite</c>: the code of <c>/signup?invite=</c>.</summary>
    public required string SealedCode { get; init; }
    /// <summary>Null: it does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>An account asks somebody who has signed up to join it. They belong to it once they switch to it; until then nothing is theirs there. Published by identity, once per asking.</summary>
public sealed record MemberAdded
{
    public required Guid TenantId { get; init; }
    public required Guid UserId { get; init; }
    public required string Email { get; init; }
    /// <summary>As the account calls itself: whoever opened it chose it freely.</summary>
    public required string AccountName { get; init; }
    /// <summary>owner, admin, member or viewer.</summary>
    public required string Role { get; init; }
    /// <summary>False: whoever signed up may not be who reads the address, and must not be helped to a proof that they do.</summary>
    public bool EmailVerified { get; init; } = true;
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>Too many wrong passwords: the person cannot sign in until <see cref="Until"/>.</summary>
public sealed record UserLockedOut
{
    public required Guid TenantId { get; init; }
    public required Guid UserId { get; init; }
    public required string Email { get; init; }
    public required DateTimeOffset Until { get; init; }
    /// <summary>From where the last try came; null where unknown.</summary>
    public string? Address { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A person signed in from a place or program that they had not used before.</summary>
public sealed record NewSignIn
{
    public required Guid TenantId { get; init; }
    public required Guid UserId { get; init; }
    public required string Email { get; init; }
    public string? Address { get; init; }
    /// <summary>As the browser names itself; at most 200 characters.</summary>
    public string? UserAgent { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>The account moved to another tier. Limits follow at once.</summary>
public sealed record TierChanged
{
    public required Guid TenantId { get; init; }
    /// <summary>free, professional or enterprise.</summary>
    public required string Tier { get; init; }
    public required string Before { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>The account is closed: its keys and people are refused, and nothing is begun for it from now on. What it owes and is owed stays.</summary>
public sealed record AccountClosed
{
    public required Guid TenantId { get; init; }
    /// <summary>Its last person was forgotten, so that nobody comes back to it; false where whoever runs the installation closed it.</summary>
    public required bool Erased { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A closed account is open again.</summary>
public sealed record AccountOpened
{
    public required Guid TenantId { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A person asked for what is kept of them. Every service adds its part with <see cref="PersonalDataExported"/>.</summary>
public sealed record PersonalDataExportRequested
{
    public required Guid TenantId { get; init; }
    public required Guid RequestId { get; init; }
    public required Guid UserId { get; init; }
    public required string Email { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>One service's part of an export.</summary>
public sealed record PersonalDataExported
{
    public required Guid TenantId { get; init; }
    public required Guid RequestId { get; init; }
    /// <summary>The service's name, as analytics.</summary>
    public required string Service { get; init; }
    /// <summary>A JSON object, table by table, sealed for <c>gdpr:export</c>; "{}" where the service keeps nothing of the person.</summary>
    public required string SealedData { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A person is to be forgotten. Every service erases or anonymises what it keeps, keeps amounts of money, and answers with <see cref="PersonalDataErased"/>. Told again until every service has answered.</summary>
public sealed record PersonalDataErasureRequested
{
    public required Guid TenantId { get; init; }
    public required Guid RequestId { get; init; }
    public required Guid UserId { get; init; }
    public required string Email { get; init; }
    /// <summary>When the services were asked the first time, the same in every repeat; whoever has come back with the address since is somebody new. Null in what was told before there was such a time.</summary>
    public DateTimeOffset? FirstAskedAt { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>One service has forgotten the person.</summary>
public sealed record PersonalDataErased
{
    public required Guid TenantId { get; init; }
    public required Guid RequestId { get; init; }
    public required string Service { get; init; }
    /// <summary>How many rows were erased or anonymised.</summary>
    public required int Rows { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>An account has more or less of what its tier limits. Published by whichever service makes the thing.</summary>
public sealed record ResourceUsageChanged
{
    public required Guid TenantId { get; init; }
    /// <summary>Which service counts, as publishing; an account's use of a resource is the sum over services.</summary>
    public required string Service { get; init; }
    /// <summary>products, stores, campaigns or storage_bytes.</summary>
    public required string Resource { get; init; }
    /// <summary>Now, not the difference.</summary>
    public required long Used { get; init; }
    /// <summary>Grows with every change of this service's count: of two reports the higher one is the later.</summary>
    public required long Revision { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A credential is older than its class allows: someone should replace it. Published by whoever keeps it, once for each value.</summary>
public sealed record CredentialAged
{
    public required Guid TenantId { get; init; }
    public required Guid CredentialId { get; init; }
    public required string Provider { get; init; }
    /// <summary>As its account calls it; where it is kept in <c>settings</c>, the variable that holds it.</summary>
    public required string Name { get; init; }
    /// <summary>Where it is replaced: <c>vault</c> (identity's), <c>store</c> (the token of a connected store) or <c>settings</c> (a key of the installation's own; the account is that of whoever runs it).</summary>
    public string Kept { get; init; } = "vault";
    /// <summary>llm, gateway or platform.</summary>
    public required string Class { get; init; }
    /// <summary>Since when this value is in use, as far as we have seen.</summary>
    public required DateTimeOffset SetAt { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A credential is used far more than in the week before: it may have leaked. Published by whoever keeps it, once a day.</summary>
public sealed record CredentialUseJumped
{
    public required Guid TenantId { get; init; }
    public required Guid CredentialId { get; init; }
    public required string Provider { get; init; }
    public required string Name { get; init; }
    /// <summary>vault or store.</summary>
    public string Kept { get; init; } = "vault";
    /// <summary>On this day (UTC) so far.</summary>
    public required long Uses { get; init; }
    /// <summary>A day, over the seven days before.</summary>
    public required decimal Usual { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A service works with a key of the installation's own at a provider, given by its settings. Published by each replica at its start and every day after.</summary>
public sealed record ProviderKeySeen
{
    /// <summary>Who runs the installation.</summary>
    public required Guid TenantId { get; init; }
    /// <summary>As OpenAI.</summary>
    public required string Provider { get; init; }
    /// <summary>Where the settings have it: OPENAI_API_KEY.</summary>
    public required string Variable { get; init; }
    /// <summary>llm, gateway or platform.</summary>
    public required string Class { get; init; }
    /// <summary>A keyed hash, in hex: another key has another one, and nothing leads back from it.</summary>
    public required string Fingerprint { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}
