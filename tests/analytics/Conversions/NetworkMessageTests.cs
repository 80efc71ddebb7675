using Empire.Analytics.Conversions;

namespace Empire.Analytics.Tests.Conversions;

public sealed class NetworkMessageTests
{
    private const string Whole =
        """{"conversion_id":"c1","sub_id":null,"product_id":"m-1","sale_amount":"49.90","commission":"3.99","currency":"USD","status":"approved","occurred_at":"2026-03-02T08:00:00Z"}""";

    [Fact]
    public void A_whole_message_is_read_exactly()
    {
        var message = NetworkMessage.Parse(Whole, out var errors)!;

        Assert.Empty(errors);
        Assert.Equal(("c1", ConversionStatus.Approved, 3_990_000L, 49_900_000L), (message.ConversionId, message.Status, message.Commission.Micros, message.SaleAmount!.Value.Micros));
        Assert.Equal(Whole, message.Body);
    }

    [Theory]
    [InlineData("\"3.990001\"", 3_990_001)]
    [InlineData("3.99", 3_990_000)]
    [InlineData("\"0\"", 0)]
    public void An_amount_is_a_decimal_string_or_number(string commission, long micros) =>
        Assert.Equal(micros, NetworkMessage.Parse(Whole.Replace("\"3.99\"", commission, StringComparison.Ordinal), out _)!.Commission.Micros);

    [Theory]
    [InlineData("\"conversion_id\":\"c1\"", "\"conversion_id\":\"\"", "conversion_id")]
    [InlineData("\"conversion_id\":\"c1\"", "\"conversion_id\":17", "conversion_id")]
    [InlineData("\"conversion_id\":\"c1\"", "\"id\":\"c1\"", "conversion_id")]
    [InlineData("\"conversion_id\":\"c1\"", "\"conversion_id\":\"c\\ud83d\"", "conversion_id")] // half an emoji
    [InlineData("\"commission\":\"3.99\"", "\"commission\":\"\\ud83d\"", "commission")]
    [InlineData("\"commission\":\"3.99\"", "\"commission\":\"-3.99\"", "commission")]
    [InlineData("\"commission\":\"3.99\"", "\"commission\":\"3.9900001\"", "commission")]
    [InlineData("\"commission\":\"3.99\"", "\"commission\":\"1e9\"", "commission")]
    [InlineData("\"commission\":\"3.99\"", "\"commission\":true", "commission")]
    [InlineData("\"commission\":\"3.99\"", "\"commission\":\"99999999999999\"", "commission")]
    [InlineData("\"commission\":\"3.99\"", "\"commission\":null", "commission")]
    [InlineData("\"currency\":\"USD\"", "\"currency\":\"DOLLAR\"", "currency")]
    [InlineData("\"status\":\"approved\"", "\"status\":\"pending\"", "status")]
    [InlineData("\"occurred_at\":\"2026-03-02T08:00:00Z\"", "\"occurred_at\":\"yesterday\"", "occurred_at")]
    public void A_faulty_field_is_named(string right, string wrong, string field)
    {
        Assert.Null(NetworkMessage.Parse(Whole.Replace(right, wrong, StringComparison.Ordinal), out var errors));
        Assert.Equal(field, Assert.Single(errors).Key);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"conversion_id\":")]
    public void What_is_no_object_is_a_faulty_body(string body)
    {
        Assert.Null(NetworkMessage.Parse(body, out var errors));
        Assert.Equal("body", Assert.Single(errors).Key);
    }

    [Fact]
    public void All_faulty_fields_are_named_at_once()
    {
        Assert.Null(NetworkMessage.Parse("{}", out var errors));
        Assert.Equal(["commission", "conversion_id", "currency", "occurred_at", "status"], errors.Keys);
    }
}
