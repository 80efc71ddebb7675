using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Empire.Contracts.V1;
using Empire.Http;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Publishing.Tests.Stubs;

/// <summary>Stands for content: pieces that a test put there.</summary>
public sealed class StubContent() : StubServer(HttpProtocols.Http2)
{
    private readonly ConcurrentDictionary<Guid, Piece> pieces = new();
    private readonly ConcurrentDictionary<string, Piece> listings = new();

    /// <param name="disclosed">False leaves out the disclosure that content puts into every document that sells.</param>
    public Guid Add(string kind, string document, bool sells = true, bool disclosed = true, string state = "generated", string platform = "blog", string? url = null)
    {
        var id = Guid.CreateVersion7();
        if (sells && disclosed)
        {
            var json = JsonNode.Parse(document)!;
            json["disclosure"] = "This page contains affiliate links.";
            document = json.ToJsonString();
        }
        var piece = new Piece
        {
            PieceId = id.ToString(), Kind = kind, State = state, Title = $"A {kind}", DocumentJson = document, PromptVersion = $"{kind}@1", Model = "stub", Niche = "home coffee",
            Platform = platform, Test = true,
        };
        if (sells)
        {
            var product = Samples.Grinder;
            piece.ProductId = product.Id.ToString();
            piece.Product = new()
            {
                Id = product.Id.ToString(), Name = product.Name, Brand = product.Brand, Niche = product.Niche, Network = product.Network, Price = new() { Micros = 129_000_000, Currency = "USD" },
                Description = product.Description, Rating = product.Rating, ReviewCount = product.ReviewCount, Url = url ?? product.Url, ImageUrl = ImageUrl,
            };
            piece.Product.Features.AddRange(product.Features);
        }
        pieces[id] = piece;
        return id;
    }

    /// <summary>The only account that has these pieces, as content would answer it; null: whoever asks.</summary>
    public TenantId? Owner { get; set; }

    /// <summary>How many listings were written, a repeat of a request not counted.</summary>
    public int ListingsWritten => listings.Count;

    /// <summary>What was asked for, in order.</summary>
    public ConcurrentQueue<WriteListingRequest> Wishes { get; } = new();

    /// <summary>Thrown instead of the next answer to a wish for a listing; null again afterwards.</summary>
    public Status? NextRefusal { get; set; }

    /// <summary>Of the products of pieces added from now on.</summary>
    public string ImageUrl { get; set; } = "";

    protected override void Configure(IServiceCollection services)
    {
        services.AddGrpc();
        services.AddSingleton(this);
    }

    protected override void Map(WebApplication app)
    {
        app.MapGrpcService<Service>();
        app.MapGrpcService<ListingService>();
    }

    private Piece Listed(string key, string kind, JsonObject document) => listings.GetOrAdd($"{kind} {key}", _ => new()
    {
        PieceId = Guid.CreateVersion7().ToString(), Kind = kind, State = "generated", Title = "A listing", DocumentJson = document.ToJsonString(), PromptVersion = $"{kind}@1", Model = "stub", Test = true,
    });

    private void RefuseIfTold()
    {
        if (NextRefusal is not { } refusal) return;
        NextRefusal = null;
        throw new RpcException(refusal);
    }

    private sealed class Service(StubContent stub) : Content.ContentBase
    {
        public override Task<Piece> GetPiece(GetPieceRequest request, ServerCallContext context) =>
            stub.pieces.TryGetValue(Guid.Parse(request.PieceId), out var piece) && (stub.Owner is not { } owner || owner == TenantOf(context)) ? Task.FromResult(piece) : throw new RpcException(new Status(StatusCode.NotFound, "no such piece"));

        /// <summary>As the token of the call says it; the stub has no key to check it with.</summary>
        private static TenantId TenantOf(ServerCallContext context) =>
            new(JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(context.RequestHeaders.GetValue(CallerToken.Header.ToLowerInvariant())!.Split('.')[0])).GetProperty("Tenant").GetGuid());
    }

    private sealed class ListingService(StubContent stub) : Listings.ListingsBase
    {
        public override Task<Piece> WriteListing(WriteListingRequest request, ServerCallContext context)
        {
            stub.Wishes.Enqueue(request);
            stub.RefuseIfTold();
            return Task.FromResult(stub.Listed(request.RequestKey, "listing", new()
            {
                ["title"] = $"The {request.Niche} handbook",
                ["description"] = $"What is worth knowing about {request.Niche}.",
                ["product_type"] = request.ProductType.Length > 0 ? request.ProductType : "guide",
                ["price"] = request.HasPriceMicros ? request.PriceMicros / 1_000_000m : 12.50m,
                ["features"] = new JsonArray("A checklist", "A table of sizes", "A list of terms"),
                ["seo"] = new JsonObject { ["title"] = "A handbook", ["meta_description"] = "What is in it.", ["slug"] = $"the-{request.Niche.Replace(' ', '-')}-handbook", ["keywords"] = new JsonArray("one", "two", "three", "four", "five") },
            }));
        }

        public override Task<Piece> ReviewListing(ReviewListingRequest request, ServerCallContext context)
        {
            stub.RefuseIfTold();
            return Task.FromResult(stub.Listed(request.RequestKey, "listing_review", new()
            {
                ["summary"] = "Three things.",
                ["changes"] = new JsonArray(
                    new JsonObject { ["field"] = "title", ["to"] = $"{request.Title}, second edition", ["reason"] = "It is one." },
                    new JsonObject { ["field"] = "price", ["to"] = "9.90", ["reason"] = "Below ten it stands in the first range of the filter." },
                    new JsonObject { ["field"] = "keywords", ["to"] = "six\nseven", ["reason"] = "Buyers search by these." }),
            }));
        }
    }
}
