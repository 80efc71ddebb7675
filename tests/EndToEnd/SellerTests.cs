using Empire.Testing;

namespace Empire.EndToEnd.Tests;

/// <summary>PAY-17 through the gateway: users who sell through the business, and the platform's share.</summary>
[Collection(InstallationCollection.Name)]
public sealed class SellerTests(Installation empire) : IDisposable
{
    private const string Sellers = "/api/v1/revenue/sellers";
    private readonly Market market = new(empire);

    public void Dispose() => market.Dispose();

    [Fact]
    public async Task A_sale_of_100_at_10_percent_is_90_for_the_seller_and_10_for_the_platform()
    {
        var seller = Market.Text(await market.PostAsync(Sellers, new { email = $"{Guid.CreateVersion7():N}@example.test", name = "Grace", fee_percent = 10 }), "seller_id");
        var link = Market.Text(await market.PostAsync($"{Sellers}/{seller}/onboarding", new { refresh_url = "https://shop.example/again", return_url = "https://shop.example/done" }), "url");
        Assert.Equal("https://shop.example/done", (await market.PressAsync(new Uri(link).AbsolutePath, ("answer", "complete")))!.AbsoluteUri);
        await Eventually.TrueAsync(async () => (await market.Owner.GetJsonAsync($"{Sellers}/{seller}")).GetProperty("charges_enabled").GetBoolean());
        var sale = Market.Text(await market.PostAsync("/api/v1/revenue/payments", new { customer_id = await market.CustomerAsync(), amount = 100, seller_id = seller, description = "A guide" }), "payment_id");
        await Eventually.EqualAsync(4, async () => (await market.Owner.GetAllAsync($"/api/v1/ledger/entries?payment_id={sale}")).Count); // captured, its fee, the transfer, the share
        var books = await market.BooksAsync(sale);
        Assert.Equal((0m, -10m, 10m - 3.20m), (books["payable:connected-accounts"], books["revenue:platform-fee"], books["cash:stripe"]));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(11)]
    public async Task A_share_outside_5_to_10_percent_is_refused(int percent) =>
        Assert.Equal((400, "VALIDATION_ERROR", "fee_percent"), await market.RefusedAsync(Sellers, new { email = $"{Guid.CreateVersion7():N}@example.test", fee_percent = percent }));
}
