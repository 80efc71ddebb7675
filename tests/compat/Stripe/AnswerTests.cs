using System.Net;

namespace Stripe.Tests;

public sealed class AnswerTests
{
    [Fact]
    public async Task A_refusal_says_type_code_parameter_and_payment()
    {
        await using var server = await StripeServer.StartAsync();
        server.Next(new Answer(402, """
            {"error":{"type":"card_error","code":"card_declined","decline_code":"insufficient_funds","message":"Your card has insufficient funds.","param":"payment_method",
             "charge":"ch_1","payment_intent":{"id":"pi_1","object":"payment_intent","status":"requires_payment_method"}}}
            """, false, ("Request-Id", "req_9"), ("Idempotency-Key", "k")));
        var refusal = await Assert.ThrowsAsync<StripeException>(() => new PaymentIntentService(server.Client()).ConfirmAsync("pi_1"));
        Assert.Equal(HttpStatusCode.PaymentRequired, refusal.HttpStatusCode);
        Assert.Equal("Your card has insufficient funds.", refusal.Message);
        Assert.Equal(("card_error", "card_declined", "insufficient_funds", "payment_method", "ch_1"),
            (refusal.StripeError.Type, refusal.StripeError.Code, refusal.StripeError.DeclineCode, refusal.StripeError.Param, refusal.StripeError.Charge));
        Assert.Equal("requires_payment_method", refusal.StripeError.PaymentIntent.Status);
        Assert.Equal(("req_9", "k"), (refusal.StripeResponse.RequestId, refusal.StripeResponse.IdempotencyKey));
    }

    [Fact]
    public async Task A_refusal_of_oauth_is_read_too()
    {
        await using var server = await StripeServer.StartAsync();
        server.Next(new Answer(400, """{"error":"invalid_grant","error_description":"The code is used."}"""));
        var refusal = await Assert.ThrowsAsync<StripeException>(() => new CustomerService(server.Client()).GetAsync("cus_1"));
        Assert.Equal(("invalid_grant", "The code is used."), (refusal.StripeError.Error, refusal.Message));
    }

    [Theory]
    [InlineData(200, "<html>")]
    [InlineData(200, "null")]
    [InlineData(200, """{"id":"cus_1","created":"yesterday"}""")]
    [InlineData(404, "<html>")]
    [InlineData(404, "[]")]
    [InlineData(404, "{}")]
    public async Task An_answer_that_is_not_stripes_is_an_error_with_its_status(int status, string body)
    {
        await using var server = await StripeServer.StartAsync();
        server.Next(new Answer(status, body));
        var refusal = await Assert.ThrowsAsync<StripeException>(() => new CustomerService(server.Client()).GetAsync("cus_1"));
        Assert.Equal((status, null), ((int)refusal.HttpStatusCode, refusal.StripeError));
        Assert.Equal(body, refusal.StripeResponse.Content);
    }

    [Fact]
    public async Task An_expandable_field_is_an_id_or_the_object()
    {
        await using var server = await StripeServer.StartAsync();
        server.Next(
            new Answer(200, """{"id":"sub_1","object":"subscription","customer":"cus_1","latest_invoice":null}"""),
            new Answer(200, """{"id":"sub_1","object":"subscription","customer":{"id":"cus_1","object":"customer","email":"a@example.com"},"latest_invoice":{"id":"in_1","object":"invoice","payment_intent":"pi_1"}}"""));
        var subscriptions = new SubscriptionService(server.Client());
        var plain = await subscriptions.GetAsync("sub_1");
        Assert.Equal(("cus_1", null, null), (plain.CustomerId, plain.Customer, plain.LatestInvoiceId));
        var expanded = await subscriptions.GetAsync("sub_1", new() { Expand = ["customer", "latest_invoice"] });
        Assert.Equal(("cus_1", "a@example.com", "in_1", "pi_1"), (expanded.CustomerId, expanded.Customer.Email, expanded.LatestInvoiceId, expanded.LatestInvoice.PaymentIntentId));
        Assert.Equal("latest_invoice", server.Requests.Last()["expand[1]"]);
    }

    [Fact]
    public void An_object_survives_being_written_and_read()
    {
        var source = """{"id":"sub_1","object":"subscription","application_fee_percent":7.5,"created":1692144000,"customer":"cus_1","items":{"object":"list","data":[{"id":"si_1","object":"subscription_item","price":{"id":"price_1","unit_amount":500,"unit_amount_decimal":"499.999999999999"}}],"has_more":false}}""";
        var written = Subscription.FromJson(Subscription.FromJson(source).ToJson());
        Assert.Equal(("cus_1", 7.5m, new DateTime(2023, 8, 16, 0, 0, 0, DateTimeKind.Utc)), (written.CustomerId, written.ApplicationFeePercent, written.Created));
        Assert.Equal(499.999999999999m, written.Items.Single().Price.UnitAmountDecimal);
        Assert.DoesNotContain("cus_1", written.ToString());
    }

    [Fact]
    public void A_field_of_several_types_is_read_by_the_objects_own_word()
    {
        var movement = BalanceTransaction.FromJson("""{"id":"txn_1","object":"balance_transaction","source":{"id":"ch_1","object":"charge","amount":5}}""");
        Assert.Equal(5, Assert.IsType<Charge>(movement.Source).Amount);
        var unknown = BalanceTransaction.FromJson("""{"id":"txn_1","object":"balance_transaction","source":{"id":"x_1","object":"moon"}}""");
        Assert.Equal((null, "x_1"), (unknown.Source, unknown.SourceId));
        Assert.IsType<Customer>(StripeEntity.FromJson("""{"id":"cus_1","object":"customer"}"""));
    }

    [Fact]
    public async Task All_pages_are_walked_forwards_and_the_options_stay_as_they_were()
    {
        await using var server = await StripeServer.StartAsync();
        server.Next(Page(true, "ch_1", "ch_2"), Page(true, "ch_3"), Page(false, "ch_4"));
        var options = new ChargeListOptions { Limit = 2, Customer = "cus_1", Created = new DateRangeOptions { LessThan = DateTime.UnixEpoch.AddSeconds(9) } };
        Assert.Equal(["ch_1", "ch_2", "ch_3", "ch_4"], await IdsAsync(new ChargeService(server.Client()).ListAutoPagingAsync(options)));
        Assert.Equal([null, "ch_2", "ch_3"], server.Requests.Select(request => request["starting_after"]));
        Assert.All(server.Requests, request => Assert.Equal(("2", "cus_1", "9"), (request["limit"], request["customer"], request["created[lt]"])));
        Assert.Null(options.StartingAfter);
    }

    [Fact]
    public async Task All_pages_are_walked_backwards_from_an_end()
    {
        await using var server = await StripeServer.StartAsync();
        server.Next(Page(true, "ch_3", "ch_4"), Page(false, "ch_1", "ch_2"));
        Assert.Equal(["ch_4", "ch_3", "ch_2", "ch_1"], await IdsAsync(new ChargeService(server.Client()).ListAutoPagingAsync(new() { EndingBefore = "ch_5" })));
        Assert.Equal(["ch_5", "ch_3"], server.Requests.Select(request => request["ending_before"]));
    }

    [Fact]
    public async Task A_page_is_only_asked_for_when_it_is_wanted()
    {
        await using var server = await StripeServer.StartAsync();
        server.Default = _ => Page(true, "ch_1");
        await foreach (var _ in new ChargeService(server.Client()).ListAutoPagingAsync()) break;
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_search_is_walked_by_its_pages()
    {
        await using var server = await StripeServer.StartAsync();
        server.Next(new Answer(200, """{"object":"search_result","data":[{"id":"ch_1"}],"has_more":true,"next_page":"p2"}"""),
            new Answer(200, """{"object":"search_result","data":[{"id":"ch_2"}],"has_more":false}"""));
        Assert.Equal(["ch_1", "ch_2"], await IdsAsync(new ChargeService(server.Client()).SearchAutoPagingAsync(new() { Query = "amount>5" })));
        Assert.Equal([null, "p2"], server.Requests.Select(request => request["page"]));
        Assert.All(server.Requests, request => Assert.Equal("amount>5", request["query"]));
    }

    static Answer Page(bool more, params string[] ids) =>
        new(200, $$"""{"object":"list","data":[{{string.Join(',', ids.Select(id => $$"""{"id":"{{id}}","object":"charge"}"""))}}],"has_more":{{(more ? "true" : "false")}},"url":"/v1/charges"}""");

    static async Task<List<string>> IdsAsync(IAsyncEnumerable<Charge> charges)
    {
        var ids = new List<string>();
        await foreach (var charge in charges) ids.Add(charge.Id);
        return ids;
    }
}
