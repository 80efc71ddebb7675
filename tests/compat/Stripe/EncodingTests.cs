namespace Stripe.Tests;

public sealed class EncodingTests
{
    [Fact]
    public async Task Lists_maps_times_and_flags_are_written_with_brackets()
    {
        await using var server = await StripeServer.StartAsync();
        await new SubscriptionService(server.Client()).CreateAsync(new()
        {
            Customer = "cus_1",
            Items = [new() { Price = "price_1", Quantity = 2 }, new() { Price = "price_2" }],
            Metadata = new() { ["order id"] = "a&b=ü" },
            OffSession = true,
            ApplicationFeePercent = 7.5m,
            BackdateStartDate = new DateTime(2023, 8, 16, 0, 0, 0, DateTimeKind.Utc),
            TrialEnd = SubscriptionTrialEnd.Now,
            TransferData = new() { Destination = "acct_1" },
            Expand = ["latest_invoice.payment_intent"],
        });
        var request = Assert.Single(server.Requests);
        Assert.Equal("application/x-www-form-urlencoded", request.Headers["Content-Type"]);
        Assert.Equal(
            ["application_fee_percent=7.5", "backdate_start_date=1692144000", "customer=cus_1", "expand[0]=latest_invoice.payment_intent", "items[0][price]=price_1",
             "items[0][quantity]=2", "items[1][price]=price_2", "metadata[order id]=a&b=ü", "off_session=true", "transfer_data[destination]=acct_1", "trial_end=now"],
            request.Fields.Select(field => $"{field.Key}={field.Value}").Order(StringComparer.Ordinal));
        Assert.Contains("metadata[order+id]=a%26b%3D%C3%BC", request.Raw);
    }

    [Fact]
    public async Task What_is_null_is_not_sent_and_what_is_empty_removes_the_value()
    {
        await using var server = await StripeServer.StartAsync();
        await new CustomerService(server.Client()).UpdateAsync("cus_1", new() { Description = "", Metadata = new() { ["gone"] = "" }, PreferredLocales = [] });
        Assert.Equal(["description=", "metadata[gone]=", "preferred_locales="], server.Requests.Single().Raw.Split('&').Order());
    }

    [Fact]
    public async Task Options_of_a_get_go_into_the_address()
    {
        await using var server = await StripeServer.StartAsync();
        server.Default = _ => new(200, """{"object":"list","data":[]}""");
        await new ChargeService(server.Client()).ListAsync(new() { Limit = 3, Created = new DateRangeOptions { GreaterThanOrEqual = DateTime.UnixEpoch.AddSeconds(5) } });
        var request = server.Requests.Single();
        Assert.Equal(("GET", "/v1/charges"), (request.Method, request.Path));
        Assert.Equal("5", request["created[gte]"]);
        Assert.Equal("3", request["limit"]);
    }

    [Fact]
    public async Task Either_kind_of_a_field_of_two_kinds_can_be_sent()
    {
        await using var server = await StripeServer.StartAsync();
        server.Default = _ => new(200, """{"object":"list","data":[]}""");
        await new ChargeService(server.Client()).ListAsync(new() { Created = DateTime.UnixEpoch.AddSeconds(9) });
        Assert.Equal("9", server.Requests.Single()["created"]);
    }

    [Fact]
    public async Task A_parameter_that_the_options_lack_can_be_added()
    {
        await using var server = await StripeServer.StartAsync();
        var options = new CustomerCreateOptions();
        options.AddExtraParam("tax[validate_location]", "deferred");
        options.AddExtraParam("nested", new Dictionary<string, object> { ["deep"] = 1 });
        await new CustomerService(server.Client()).CreateAsync(options);
        Assert.Equal("deferred", server.Requests.Single()["tax[validate_location]"]);
        Assert.Equal("1", server.Requests.Single()["nested[deep]"]);
    }

    [Fact]
    public async Task An_id_cannot_lead_to_another_path()
    {
        await using var server = await StripeServer.StartAsync();
        await new CustomerService(server.Client()).GetAsync("../charges?x");
        Assert.Contains("%2F", server.Requests.Single().Path, StringComparison.OrdinalIgnoreCase);
        await Assert.ThrowsAsync<ArgumentException>("id", () => new CustomerService(server.Client()).GetAsync(""));
    }

    [Fact]
    public async Task A_file_is_sent_in_parts_and_again_on_the_second_attempt()
    {
        await using var server = await StripeServer.StartAsync();
        server.Next(new Answer(500, "{}"));
        server.Default = _ => new(200, """{"id":"file_1","object":"file"}""");
        using var evidence = new MemoryStream("receipt of 12 EUR"u8.ToArray());
        var file = await new FileService(server.Client()).CreateAsync(new() { Purpose = "dispute_evidence", File = evidence });
        Assert.Equal("file_1", file.Id);
        Assert.Equal(2, server.Requests.Count);
        Assert.All(server.Requests, request =>
        {
            Assert.StartsWith("multipart/form-data", request.Headers["Content-Type"]);
            Assert.Contains("receipt of 12 EUR", request.Raw);
            Assert.Contains("dispute_evidence", request.Raw);
        });
    }
}
