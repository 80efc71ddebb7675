using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Empire.Contracts.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Publishing.Tests.Stubs;

/// <summary>Stands for content: pieces that a test put there.</summary>
public sealed class StubContent() : StubServer(HttpProtocols.Http2)
{
    private readonly ConcurrentDictionary<Guid, Piece> pieces = new();

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

    /// <summary>Of the products of pieces added from now on.</summary>
    public string ImageUrl { get; set; } = "";

    protected override void Configure(IServiceCollection services)
    {
        services.AddGrpc();
        services.AddSingleton(this);
    }

    protected override void Map(WebApplication app) => app.MapGrpcService<Service>();

    private sealed class Service(StubContent stub) : Content.ContentBase
    {
        public override Task<Piece> GetPiece(GetPieceRequest request, ServerCallContext context) =>
            stub.pieces.TryGetValue(Guid.Parse(request.PieceId), out var piece) ? Task.FromResult(piece) : throw new RpcException(new Status(StatusCode.NotFound, "no such piece"));
    }
}
