using Dapper;
using Empire.Contracts;
using Empire.Security;
using Empire.Testing;

namespace Empire.Acquisition.Tests;

/// <summary>The service in memory, and the sandbox that takes its mail.</summary>
public class AcquisitionApp() : ServiceApp<Program>("acquisition")
{
    /// <summary>32 bytes that seal nothing but these tests.</summary>
    public static readonly byte[] EncryptionKey = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    public MailSandbox Sandbox { get; } = new();
    public StubIdentity Identity { get; } = new();
    public Sealer Sealer { get; } = new([EncryptionKey]);

    /// <summary>As configuration keys; also those of a process of its own.</summary>
    public IEnumerable<KeyValuePair<string, string>> MailSettings =>
    [
        new("Empire:EncryptionKeys", Convert.ToBase64String(EncryptionKey)),
        new("Mail:Server", "127.0.0.1"),
        new("Mail:Port", $"{Sandbox.Port}"),
        new("Mail:SenderEmail", "post@empire.example"),
        new("Mail:Password", "app-password"),
        new("Mail:PublicUrl", "https://empire.example/"),
        new("Mail:Sandbox", "true"),
        new("Mail:RetryAfter", "00:00:00"),
        new("services:analytics:grpc:0", "http://127.0.0.1:9"),   // nobody
        new("services:identity:grpc:0", Identity.Address),
        new("Effects:PollEvery", "00:00:00.05"),
        new("Effects:ProbeDelay", "00:00:00.1"),
        new("Effects:RetryDelay", "00:00:00.05"),
        new("Effects:Lease", "00:00:20"),
        .. LookUp,
    ];

    protected virtual IEnumerable<KeyValuePair<string, string>> LookUp => [new("Providers:Mail:BaseAddress", new Uri(Sandbox.Address, "control").AbsoluteUri), new("Providers:Mail:Sandbox", "true")];

    protected override IEnumerable<KeyValuePair<string, string>> Settings => MailSettings;

    public override async ValueTask InitializeAsync()
    {
        await Sandbox.StartAsync();
        await Identity.StartAsync();
        await base.InitializeAsync();
    }

    /// <summary>As identity's outbox would hand it over: by the broker.</summary>
    public async Task PublishAsync<TEvent>(TEvent fact) where TEvent : class
    {
        await using var work = await Database.BeginAsync(Tenant, CancellationToken.None);
        work.Publish(fact);
        await work.CommitAsync(CancellationToken.None);
    }

    public CustomerSignedUp SignUp(string email, Guid? user = null) => new()
    {
        TenantId = Tenant.Value, UserId = user ?? Guid.CreateVersion7(), Email = email, OccurredAt = TimeProvider.System.GetUtcNow(),
        SealedApiKey = Sealer.Seal("gopt_secretsecretsecretsecret", "mail:api-key"), SealedVerificationToken = Sealer.Seal("verify+me/=", "mail:verification"),
    };

    public async Task<(string State, string? Detail)> MailAsync(string recipient) => await ReadAsync<(string, string?)>("select state, detail from mails where recipient = @recipient", new { recipient });

    public Task<string?> EffectStateAsync(string recipient) =>
        ReadAsync<string>("select e.state from kernel.effects e join mails m on m.mail_key = e.key and m.tenant_id = e.tenant_id where m.recipient = @recipient", new { recipient });

    public Task SettledAsync(string state, string recipient) => Eventually.EqualAsync(state, async () => (await MailAsync(recipient)).State);

    /// <summary>Every tenant's rows, as they really are.</summary>
    public async Task<T?> ReadAsync<T>(string sql, object? parameters = null)
    {
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        return await owner.QuerySingleOrDefaultAsync<T>(sql, parameters);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Identity.DisposeAsync();
        await Sandbox.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>The same against a mail server that cannot be asked, as most cannot.</summary>
public sealed class PlainSmtpApp : AcquisitionApp
{
    protected override IEnumerable<KeyValuePair<string, string>> LookUp => [];
}
