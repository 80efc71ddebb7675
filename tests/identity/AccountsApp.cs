using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Empire.Contracts.V1;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Keys;
using Empire.Identity.Tenants;
using Empire.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Identity.Tests;

/// <summary>Identity on a clock that the test moves, with an operator, and with accounts to order.</summary>
public class AccountsApp() : ServiceApp<Program>("identity")
{
    public static readonly string FirstEncryptionKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private readonly List<IDisposable> lines = [];

    public override TestClock Clock { get; } = new();

    public TenantId OperatorTenant { get; private set; }

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Empire:Owner:Email", "owner@empire.example"),
        new("Empire:Owner:Password", "correct horse battery"),
        new("Empire:Owner:ApiKey", IdentityApp.OwnerKey),
        new("Empire:EncryptionKeys", FirstEncryptionKey),
    ];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        OperatorTenant = new(await owner.QuerySingleAsync<Guid>("select tenant_id from tenants where is_operator"));
        await owner.ExecuteAsync(
            """
            create table heard (seq bigint generated always as identity, type text not null, body text not null);
            create function hear() returns trigger language plpgsql security definer as $$
            begin
              insert into public.heard (type, body) values (new.type, new.body);
              return new;
            end $$;
            create trigger hear after insert on kernel.outbox for each row execute function hear();
            """);
    }

    /// <summary>Everything of this type that was ever published, oldest first.</summary>
    public async Task<IReadOnlyList<TEvent>> HeardAsync<TEvent>()
    {
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        var bodies = await owner.QueryAsync<string>("select body from heard where type = @type order by seq", new { type = typeof(TEvent).FullName });
        return [.. bodies.Select(body => JsonSerializer.Deserialize<TEvent>(body, JsonSerializerOptions.Web)!)];
    }

    /// <summary>The one who runs this installation.</summary>
    public HttpClient Operator() => SignedAs(new(OperatorTenant, "user:operator", "owner", Operator: true, "enterprise"));

    /// <summary>Someone of an account.</summary>
    public HttpClient Of(TenantId tenant, string role = "owner", string tier = "free", string? actor = null, string? address = null) =>
        SignedAs(new(tenant, actor ?? $"user:{role}", role, Tier: tier), address);

    /// <summary>As the gateway signs them, freshly at each request, whatever the clock was moved to.</summary>
    public HttpClient SignedAs(Caller caller, string? address = null) => CreateDefaultClient(new Gateway(this, caller, address));

    public async Task<TenantId> AccountAsync(string tier = "free")
    {
        var now = Clock.GetUtcNow();
        var tenant = TenantId.New(now);
        await using var work = await Database.BeginAsync(tenant, default);
        await TenantTable.AddAsync(work, $"Account {tenant}", tier, "UTC", isOperator: false, now, default);
        await work.CommitAsync(default);
        return tenant;
    }

    public async Task<Guid> UserAsync(string? email = null)
    {
        var now = Clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await using var work = await Database.BeginSystemAsync(default);
        await work.ExecuteAsync("insert into users (id, email, password_hash, created_at) values (@id, @email, 'x', @now)", new { id, email = email ?? $"{id:n}@people.example", now });
        await work.CommitAsync(default);
        return id;
    }

    public async Task<string> KeyAsync(TenantId tenant, string role = "owner")
    {
        var key = ApiKey.Generate();
        await using var work = await Database.BeginAsync(tenant, default);
        await ApiKeyTable.AddAsync(work, Guid.CreateVersion7(), "test", key, role, "setup", Clock.GetUtcNow(), default);
        await work.CommitAsync(default);
        return key;
    }

    public Contracts.V1.Identity.IdentityClient Grpc()
    {
        var channel = GrpcChannel.ForAddress(Server.BaseAddress, new() { HttpHandler = Server.CreateHandler() });
        lock (lines) lines.Add(channel);
        return new(channel);
    }

    public Metadata For(Caller caller) => new() { { CallerToken.Header, Services.GetRequiredService<CallerToken>().Sign(caller) } };

    /// <returns>Null when the key is refused.</returns>
    public async Task<AuthenticateReply?> AuthenticateAsync(string key)
    {
        try
        {
            return await Grpc().AuthenticateAsync(new() { ApiKey = key });
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unauthenticated)
        {
            return null;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        lines.ForEach(line => line.Dispose());
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private sealed class Gateway(AccountsApp app, Caller caller, string? address) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var tokens = app.Services.GetRequiredService<CallerToken>();
            request.Headers.Add(CallerToken.Header, tokens.Sign(caller));
            if (address is not null) request.Headers.Add(ClientAddress.Header, tokens.SignAddress(System.Net.IPAddress.Parse(address)));
            return base.SendAsync(request, cancellationToken);
        }
    }
}

internal static class Answers
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();

    public static string Text(this JsonElement json, string field) => json.GetProperty(field).GetString()!;

    /// <summary>The <c>code</c> of a problem.</summary>
    public static async Task<string> CodeAsync(this HttpResponseMessage answer) => (await answer.JsonAsync()).Text("code");
}
