using Dapper;
using Empire.Content.Tests.Stubs;
using Empire.Http;
using Empire.Testing;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using V1 = Empire.Contracts.V1;

namespace Empire.Content.Tests;

/// <summary>The service on real PostgreSQL, with a stub for the language models and a clock that the test moves.</summary>
public sealed class ContentApp : ServiceApp<Program>
{
    private readonly (string Key, string Value)[] settings;
    private readonly string storage = Directory.CreateTempSubdirectory("empire-content-").FullName;

    public ContentApp() : this([])
    {
    }

    internal ContentApp(params (string Key, string Value)[] settings) : base("content") => this.settings = settings;

    private StubIdentity? identity;

    public StubLlm Llm { get; private set; } = null!;

    public override TestClock Clock { get; } = new();

    public string Storage => storage;

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("services:identity:grpc:0", identity!.Address),
        new("Providers:OpenAI:BaseAddress", $"{Llm.Address}/openai/v1"),
        new("Providers:OpenAI:ApiKey", "openai-key"),
        new("Providers:OpenAI:Sandbox", "true"),
        new("Providers:OpenRouter:BaseAddress", $"{Llm.Address}/openrouter/v1"),
        new("Providers:OpenRouter:ApiKey", "openrouter-key"),
        new("Providers:OpenRouter:Sandbox", "true"),
        new("Storage:Folder", storage),
        .. settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)),
    ];

    public static async Task<ContentApp> StartAsync(params (string Key, string Value)[] settings)
    {
        var app = new ContentApp(settings);
        await app.InitializeAsync();
        return app;
    }

    public override async ValueTask InitializeAsync()
    {
        Llm = await StubLlm.StartAsync();
        identity = await StubIdentity.StartAsync(Tenant); // the tests' tenant runs the installation
        await base.InitializeAsync();
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        await Heard.ListenAsync(owner);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Llm.DisposeAsync();
        if (identity is not null) await identity.DisposeAsync();
        Directory.Delete(storage, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>What another service sees.</summary>
    public V1.Content.ContentClient ClientOfPieces(TenantId? tenant = null)
    {
        var channel = GrpcChannel.ForAddress("http://localhost", new() { HttpHandler = Server.CreateHandler() });
        return new(channel.SignedFor(tenant ?? Tenant, this));
    }

    /// <inheritdoc cref="ClientOfPieces"/>
    public V1.Listings.ListingsClient ClientOfListings(TenantId? tenant = null)
    {
        var channel = GrpcChannel.ForAddress("http://localhost", new() { HttpHandler = Server.CreateHandler() });
        return new(channel.SignedFor(tenant ?? Tenant, this));
    }

    /// <summary>One value that really is in the database, whoever's it is.</summary>
    public async Task<T> ReadAsync<T>(string sql, object? parameters = null)
    {
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        return (await owner.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    public async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync(sql, parameters);
    }

    /// <summary>The bodies of every event of one type that was published, in order.</summary>
    public async Task<IReadOnlyList<string>> EventsAsync(string type)
    {
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        return await Heard.OfAsync(owner, type);
    }

    public async Task<V1.Piece> FinishedAsync(V1.Content.ContentClient client, string pieceId)
    {
        V1.Piece? piece = null;
        await Eventually.TrueAsync(async () => (piece = await client.GetPieceAsync(new() { PieceId = pieceId })).State is "generated" or "failed");
        return piece!;
    }

    public static V1.PieceRequest Wish(string key, string kind = "blog_post", string niche = "home coffee") => new()
    {
        RequestKey = key,
        Kind = kind,
        Product = new()
        {
            Id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString(),
            Name = "Burr Grinder 40",
            Brand = "Millstone",
            Niche = niche,
            Network = "meadow",
            Price = new() { Micros = 89_900_000, Currency = "USD" },
            Description = "A grinder with steel burrs.",
            Features = { "40 settings", "steel burrs" },
            Rating = 4.4,
            ReviewCount = 812,
            Url = "https://meadow.example/p/1",
        },
    };
}

internal static class SignedChannel
{
    /// <summary>Every call of the channel carries a caller of the tenant.</summary>
    public static CallInvoker SignedFor(this GrpcChannel channel, TenantId tenant, ContentApp app) =>
        channel.Intercept(metadata =>
        {
            metadata.Add(CallerToken.Header.ToLowerInvariant(), app.CallerTokenFor(tenant, "service", "service:autopilot"));
            return metadata;
        });
}
