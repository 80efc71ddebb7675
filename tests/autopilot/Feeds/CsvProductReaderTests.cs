using System.Text;
using Empire.Autopilot.Feeds;

namespace Empire.Autopilot.Tests.Feeds;

public sealed class CsvProductReaderTests
{
    private const string Header = "id,name,brand,niche,price,currency,url,description,features";
    private const string Row = "A1,Travel Kettle,Brindle,kitchen,39.90,USD,https://shop.example/a1,Boils in a tent.,folds flat|0.6 l";

    [Fact]
    public void A_good_row_becomes_a_product()
    {
        var product = Assert.Single(Read($"{Header}\n{Row}").Products);
        Assert.Equal(("A1", "Travel Kettle", "Brindle", "kitchen"), (product.ExternalId, product.Name, product.Brand, product.Niche));
        Assert.Equal(Money.Of(39.90m, Currency.Usd), product.Price);
        Assert.Equal(["folds flat", "0.6 l"], product.Features);
    }

    [Theory]
    [InlineData("id;name;brand;niche;price;currency;url\nA1;Kettle;B;kitchen;39.90;USD;https://s.example/a")]
    [InlineData("id\tname\tbrand\tniche\tprice\tcurrency\turl\nA1\tKettle\tB\tkitchen\t39.90\tUSD\thttps://s.example/a")]
    [InlineData("URL, Currency ,Price,Niche,Brand,Name,ID\nhttps://s.example/a,usd,39.90,Kitchen,B,Kettle,A1")]
    public void Delimiter_order_and_case_of_columns_do_not_matter(string file) => Assert.Equal("Kettle", Assert.Single(Read(file).Products).Name);

    [Fact]
    public void Quotes_protect_delimiters_line_ends_and_quotes()
    {
        var product = Assert.Single(Read($"{Header}\nA1,\"Kettle, \"\"folding\"\"\",B,kitchen,39.90,USD,https://s.example/a,\"Two\nlines\",").Products);
        Assert.Equal("Kettle, \"folding\"", product.Name);
        Assert.Equal("Two\nlines", product.Description);
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-8", false)]
    [InlineData("utf-16", true)]
    [InlineData("windows-1252", false)]
    public void Encodings_that_people_save_in_are_read(string name, bool mark)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        var text = $"{Header}\nA1,Café Müller,B,kitchen,39.90,EUR,https://s.example/a,Für zwei.,";
        var file = (mark ? encoding.GetPreamble() : []).Concat(encoding.GetBytes(text)).ToArray();
        Assert.Equal("Café Müller", Assert.Single(CsvProductReader.Read(file, Dialect.Own).Products).Name);
    }

    [Theory]
    [InlineData("A2,,B,kitchen,1,USD,https://s.example/a", "name: is empty.")]
    [InlineData("A2,N,B,kitchen,-1,USD,https://s.example/a", "price: '-1' is not a positive amount like 49.90.")]
    [InlineData("A2,N,B,kitchen,\"1,50\",USD,https://s.example/a", "price: '1,50' is not a positive amount like 49.90.")]
    [InlineData("A2,N,B,kitchen,1.0000001,USD,https://s.example/a", "price: '1.0000001' has more than six decimals.")]
    [InlineData("A2,N,B,kitchen,1,ABC,https://s.example/a", "currency: 'ABC' is not an ISO 4217 code like USD.")]
    [InlineData("A2,N,B,kitchen,1,USD,javascript:alert(1)", "url: 'javascript:alert(1)' is not an http(s) address.")]
    [InlineData("A2,N,B,kitchen,1,USD,https://user:pw@s.example/", "url: 'https://user:pw@s.example/' is not an http(s) address.")]
    public void A_bad_row_is_named_with_line_and_reason_and_the_rest_goes_on(string bad, string reason)
    {
        var feed = Read($"{Header}\n{Row}\n{bad},,\nA3,Pan,B,kitchen,9,USD,https://s.example/p,,");
        Assert.Equal(["A1", "A3"], feed.Products.Select(p => p.ExternalId));
        Assert.Equal(new Rejection(3, reason), Assert.Single(feed.Rejections));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void A_bad_record_over_several_lines_is_named_with_its_first(string end)
    {
        var description = $"\"One{end}two{end}three\"";
        string[] records =
        [
            Header, $"A1,Kettle,B,kitchen,39.90,USD,https://s.example/a,{description},",          // lines 2 to 4
            $"A2,Pot,B,kitchen,free,USD,https://s.example/a,{description},", "",                  // 5 to 7, and an empty one
            "A3,,B,kitchen,1,USD,https://s.example/a,,", $"A4,Pan,B,kitchen,no,USD,https://s.example/a,{description},",   // 9, and 10 to the end of the file
        ];
        Assert.Equal([5, 9, 10], Read(string.Join(end, records)).Rejections.Select(rejection => rejection.Line));
        Assert.Equal([5, 9, 10], Read(string.Join(end, records) + end).Rejections.Select(rejection => rejection.Line));
    }

    [Fact]
    public void A_repeated_id_is_refused_naming_the_first_line() =>
        Assert.Equal(new Rejection(3, "id: 'A1' stands in line 2 already."), Assert.Single(Read($"{Header}\n{Row}\n{Row}").Rejections));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("id,name\nA1,Kettle", "lacks brand, niche, price, currency, url")]
    public void A_file_without_the_needed_columns_is_unreadable(string file, string says) =>
        Assert.Contains(says, Assert.Throws<UnreadableFeedException>(() => Read(file)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_binary_file_is_unreadable() =>
        Assert.Throws<UnreadableFeedException>(() => CsvProductReader.Read([0x50, 0x4B, 3, 4, 0, 0, 1, 2], Dialect.Own));

    private static ProductFeed Read(string file) => CsvProductReader.Read(Encoding.UTF8.GetBytes(file), Dialect.Own);
}
