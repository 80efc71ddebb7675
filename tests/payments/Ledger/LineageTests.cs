using System.Text.Json;
using Empire.Contracts;
using Empire.Payments.Heard;

namespace Empire.Payments.Tests.Ledger;

/// <summary>What names only its piece, or only its publication, belongs where these belong, whichever was heard of first.</summary>
public sealed class LineageTests(PaymentsApp app) : IClassFixture<PaymentsApp>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Costs_and_sales_that_name_their_piece_alone_stand_with_its_product_niche_platform_and_prompt_version(bool pieceFirst)
    {
        var (books, piece) = (new Books(app), Guid.CreateVersion7());
        var told = Piece(books, piece);
        if (pieceFirst) await books.HearAsync(new HearPieces(), told);
        await books.HearAsync(new HearCosts(), books.Cost(8.31m, on: new() { PieceId = piece, ProductId = told.ProductId, Niche = told.Niche, Platform = told.Platform, PromptVersion = told.PromptVersion }));
        await books.HearAsync(new HearCosts(), books.Cost(30m, "gpu", new() { PieceId = piece }));
        await books.PostAsync(Books.Sale("a sale", 120.50m, new() { PieceId = piece }));
        if (!pieceFirst)
        {
            Assert.Equal(-8.31m, (await RowAsync(books, "niche", "kitchen")).GetProperty("profit").GetDecimal());
            await books.HearAsync(new HearPieces(), told);
            await books.HearAsync(new HearPieces(), told); // told again
        }
        foreach (var (by, key) in ((string, string)[])[("niche", "kitchen"), ("platform", "blog"), ("prompt_version", "blog_post@1"), ("product", $"{told.ProductId}"), ("piece", $"{piece}")])
        {
            var row = await RowAsync(books, by, key);
            Assert.Equal((120.50m, 38.31m, 82.19m), (row.GetProperty("revenue").GetDecimal(), row.GetProperty("cost").GetDecimal(), row.GetProperty("profit").GetDecimal()));
            Assert.Equal(3, (await books.GetAsync(row.GetProperty("entries").GetString()!)).GetProperty("data").GetArrayLength());
            Assert.Equal(0, (await books.GetAsync($"/api/v1/ledger/entries?{(by is "product" or "piece" ? by + "_id" : by)}=unattributed")).GetProperty("data").GetArrayLength());
        }
    }

    [Fact]
    public async Task What_names_its_publication_alone_belongs_to_its_piece_and_to_the_channel_it_stands_on()
    {
        var (books, piece, publication) = (new Books(app), Guid.CreateVersion7(), Guid.CreateVersion7());
        await books.HearAsync(new HearCosts(), books.Cost(0.20m, "post", new() { PublicationId = publication }));
        await books.HearAsync(new HearPublications(), new()
        {
            TenantId = books.Tenant.Value, PublicationId = publication, PieceId = piece, Channel = "x", Url = "https://x.example/1", Niche = "kitchen", PromptVersion = "blog_post@1", Test = true, OccurredAt = Books.Day,
        });
        await books.HearAsync(new HearPieces(), Piece(books, piece));
        foreach (var (by, key) in ((string, string)[])[("piece", $"{piece}"), ("platform", "x"), ("niche", "kitchen"), ("prompt_version", "blog_post@1")])
        {
            var row = await RowAsync(books, by, key);
            Assert.Equal(0.20m, row.GetProperty("cost").GetDecimal());
            Assert.Equal(1, (await books.GetAsync(row.GetProperty("entries").GetString()!)).GetProperty("data").GetArrayLength());
        }
        Assert.Equal(0, (await books.GetAsync($"/api/v1/ledger/entries?piece_id={Guid.CreateVersion7()}")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task What_an_entry_names_itself_stands_and_no_piece_of_another_account_completes_it()
    {
        var (books, stranger, piece) = (new Books(app), new Books(app), Guid.CreateVersion7());
        await stranger.HearAsync(new HearPieces(), Piece(stranger, piece));
        await books.HearAsync(new HearCosts(), books.Cost(1m, on: new() { PieceId = piece, Niche = "garden" }));
        Assert.Equal(1m, (await RowAsync(books, "niche", "garden")).GetProperty("cost").GetDecimal());
        Assert.Equal(1m, (await RowAsync(books, "platform", "unattributed")).GetProperty("cost").GetDecimal());
    }

    private static PieceGenerated Piece(Books books, Guid id) => new()
    {
        TenantId = books.Tenant.Value, PieceId = id, Kind = "blog_post", Title = "Knives", ProductId = Guid.CreateVersion7(), Niche = "kitchen", Platform = "blog", PromptVersion = "blog_post@1", Test = true, OccurredAt = Books.Day,
    };

    private static async Task<JsonElement> RowAsync(Books books, string by, string key) =>
        Assert.Single(Assert.Single((await books.GetAsync($"/api/v1/ledger/profit?by={by}")).GetProperty("currencies").EnumerateArray()).GetProperty("rows").EnumerateArray(), row => row.GetProperty("key").GetString() == key);
}
