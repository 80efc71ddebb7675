using Dapper;
using Empire.Contracts.V1;
using Empire.Http;
using Empire.Publishing.Blog;
using Empire.Publishing.Tests.Stubs;
using Empire.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Empire.Publishing.Tests;

/// <summary>The service in memory, with content, analytics and X beside it.</summary>
public class PublishingApp() : ServiceApp<Program>("publishing")
{
    private GrpcChannel? channel;
    private StubIdentity? identity;

    public StubContent Content { get; } = new();
    public StubAnalytics Analytics { get; } = new();
    public StubX X { get; } = new();

    /// <summary>Where stores are run; the discard port where no test needs one.</summary>
    protected virtual Uri Outside { get; } = new("http://127.0.0.1:9/");

    private static readonly Dictionary<string, string> StorePaths = new() { ["Shopify"] = "shopify/", ["Gumroad"] = "gumroad/v2/", ["StripeStore"] = "stripe/" };

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("services:identity:grpc:0", identity!.Address),
        new("services:content:grpc:0", Content.Address),
        new("services:analytics:grpc:0", Analytics.Address),
        new("Providers:X:BaseAddress", X.Address),
        new("Providers:X:AccessToken", "stub-token"),
        new("Providers:X:Sandbox", "true"),
        .. ((string[])["Shopify", "Gumroad", "StripeStore"]).SelectMany(store => new KeyValuePair<string, string>[] { new($"Providers:{store}:BaseAddress", $"{Outside}{StorePaths[store]}"), new($"Providers:{store}:Sandbox", "true") }),
        new("Media:FromSandbox", "true"), // the stubs' pictures are on this machine
        new("Blog:PublicUrl", "https://good.example"),
        new("Publications:PollEvery", "00:00:00.05"),
        new("Publications:RetryDelay", "00:00:00.02"),
        new("Effects:PollEvery", "00:00:00.05"),
        new("Effects:ProbeDelay", "00:00:00.1"),
        new("Effects:RetryDelay", "00:00:00.05"),
    ];

    public override async ValueTask InitializeAsync()
    {
        identity = new(() => Tenant); // the tests' tenant runs the installation
        await Task.WhenAll(identity.StartAsync(), Content.StartAsync(), Analytics.StartAsync(), X.StartAsync());
        await base.InitializeAsync();
        // The first to publish takes every host; whichever test comes first, that is Tenant.
        await SiteTable.EnsureAsync(Database, Tenant, Services.GetRequiredService<IOptions<BlogOptions>>().Value, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        channel = GrpcChannel.ForAddress(Server.BaseAddress, new() { HttpHandler = Server.CreateHandler() });
    }

    /// <summary>As autopilot calls it.</summary>
    public async Task<IReadOnlyList<PlannedPublication>> PlanAsync(TenantId tenant, params (Guid Piece, string Channel)[] wishes)
    {
        var request = new PlanPublicationsRequest { BatchId = Guid.CreateVersion7().ToString() };
        request.Publications.AddRange(wishes.Select(wish => new PublicationRequest { PieceId = wish.Piece.ToString(), Channel = wish.Channel }));
        return (await Client.PlanPublicationsAsync(request, CallerOf(tenant))).Publications;
    }

    /// <summary>Why a tenant may not publish on a channel; empty where it may.</summary>
    public async Task<string> RefusalAsync(TenantId tenant, string channelName) =>
        (await Client.ListChannelsAsync(new(), CallerOf(tenant))).Channels.Single(standing => standing.Channel == channelName).Refusal;

    private Contracts.V1.Publishing.PublishingClient Client => new(channel!);

    private Metadata CallerOf(TenantId tenant) => new() { { "X-Empire-Caller", CallerTokenFor(tenant, "service", "service:autopilot") } };

    public Task<IReadOnlyList<PlannedPublication>> PlanAsync(params (Guid Piece, string Channel)[] wishes) => PlanAsync(Tenant, wishes);

    /// <summary>A client of an account of that tier, its owner.</summary>
    public HttpClient ClientOf(TenantId tenant, string tier = "free") => CreateDefaultClient(new TierHandler(Services.GetRequiredService<CallerToken>(), new(tenant, "user:test", "owner", Tier: tier)));

    /// <summary>Every tenant's rows, as they really are.</summary>
    public async Task<T?> ReadAsync<T>(string sql, object? parameters = null)
    {
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        return await owner.QuerySingleOrDefaultAsync<T>(sql, parameters);
    }

    public Task<string?> StateAsync(string publication) => ReadAsync<string>("select state from publications where id = @id", new { id = Guid.Parse(publication) });

    public Task PublishedAsync(string publication) => Eventually.EqualAsync("published", () => StateAsync(publication));

    public override async ValueTask DisposeAsync()
    {
        channel?.Dispose();
        await base.DisposeAsync();
        if (identity is not null) await identity.DisposeAsync();
        await Content.DisposeAsync();
        await Analytics.DisposeAsync();
        await X.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private sealed class TierHandler(CallerToken tokens, Caller caller) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add(CallerToken.Header, tokens.Sign(caller));
            return base.SendAsync(request, cancellationToken);
        }
    }
}
