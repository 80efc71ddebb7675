using System.Security.Cryptography;
using System.Text;

namespace Stripe.Tests;

public sealed class WebhookTests
{
    const string Secret = "whsec_test_secret";
    const long Now = 1_700_000_000;
    const string Body = """{"id":"evt_1","object":"event","api_version":"2023-08-16","created":1700000000,"livemode":false,"pending_webhooks":1,"type":"payment_intent.succeeded","request":{"id":"req_1","idempotency_key":"k"},"data":{"object":{"id":"pi_1","object":"payment_intent","amount":1299,"currency":"eur","status":"succeeded"},"previous_attributes":{"status":"processing"}}}""";

    [Fact]
    public void A_signed_event_is_read_as_its_type()
    {
        var read = EventUtility.ConstructEvent(Body, Header(Now, Sign(Now, Body)), Secret, 300, Now);
        Assert.Equal((Events.PaymentIntentSucceeded, "evt_1", "req_1"), (read.Type, read.Id, read.Request.Id));
        var intent = Assert.IsType<PaymentIntent>(read.Data.Object);
        Assert.Equal((1299, "succeeded"), (intent.Amount, intent.Status));
        Assert.Equal("processing", (string)read.Data.PreviousAttributes["status"]);
        Assert.Equal("eur", (string)read.Data.RawObject["currency"]);
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(Now), read.Created);
    }

    // Computed with: printf '%s' '1700000000.{"id":"evt_vector"}' | openssl dgst -sha256 -hmac whsec_test_secret
    [Fact]
    public void A_signature_made_by_another_program_is_accepted() =>
        EventUtility.ValidateSignature("""{"id":"evt_vector"}""", $"t=1700000000,v1={Vector}", Secret, 300, Now);

    const string Vector = "359bc5a5a5763a4402ed7bd245d9f95ee08c82f3a4511229291b236efa1cc005";

    [Theory]
    [InlineData(-300, true)]
    [InlineData(300, true)]
    [InlineData(-301, false)]
    [InlineData(301, false)]
    public void A_time_may_be_off_by_the_tolerance_in_both_directions(long off, bool accepted)
    {
        var header = Header(Now + off, Sign(Now + off, Body));
        if (accepted) EventUtility.ValidateSignature(Body, header, Secret, 300, Now);
        else Assert.Contains("300 seconds", Refused(Body, header).Message);
    }

    [Fact]
    public void Any_of_several_signatures_may_match_and_other_schemes_do_not_count()
    {
        EventUtility.ValidateSignature(Body, $"t={Now},v1={Sign(Now, Body, "whsec_old")},v1={Sign(Now, Body)}", Secret, 300, Now);
        EventUtility.ValidateSignature(Body, $"t={Now},v1={Sign(Now, Body)},v1={Sign(Now, Body, "whsec_new")}", Secret, 300, Now);
        EventUtility.ValidateSignature(Body, $"v0=zz, v1={Sign(Now, Body)}, t={Now}", Secret, 300, Now);
        Refused(Body, $"t={Now},v0={Sign(Now, Body)}");
    }

    [Fact]
    public void A_forged_or_altered_body_or_time_is_refused()
    {
        var signature = Sign(Now, Body);
        Refused(Body + " ", Header(Now, signature));
        Refused(Body.Replace("1299", "1"), Header(Now, signature));
        Refused(Body, Header(Now + 1, signature));
        Refused(Body, Header(Now, Sign(Now, Body, "whsec_other")));
        Refused(Body, Header(Now, signature[..^1]));
        Refused(Body, Header(Now, signature.ToUpperInvariant()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("t=,v1=aa")]
    [InlineData("t=now,v1=aa")]
    [InlineData("t=-1700000000,v1=aa")]
    [InlineData("t=1700000000")]
    [InlineData("v1=aa")]
    [InlineData("t=1700000000,t=1700000001,v1=aa")]
    public void A_header_that_is_none_is_refused(string? header) => Refused(Body, header);

    [Fact]
    public void A_time_at_the_end_of_the_numbers_is_refused_and_does_not_wrap()
    {
        Refused(Body, Header(long.MaxValue, Sign(long.MaxValue, Body)));
        Assert.Throws<StripeException>(() => EventUtility.ValidateSignature(Body, Header(long.MaxValue, Sign(long.MaxValue, Body)), Secret, 300, long.MinValue));
    }

    [Fact]
    public void An_empty_secret_is_a_mistake_of_the_caller() =>
        Assert.Throws<ArgumentException>("secret", () => EventUtility.ValidateSignature(Body, Header(Now, Sign(Now, Body, "x")), ""));

    [Fact]
    public void Half_a_surrogate_pair_is_not_signed_as_a_question_mark() =>
        Refused("{\"a\":\"\ud800\"}", Header(Now, Sign(Now, "{\"a\":\"\ufffd\"}")));

    [Fact]
    public void An_event_of_another_version_is_refused_unless_the_caller_wants_it()
    {
        var other = Body.Replace("2023-08-16", "2019-01-01");
        var header = Header(Now, Sign(Now, other));
        Assert.Contains("2019-01-01", Assert.Throws<StripeException>(() => EventUtility.ConstructEvent(other, header, Secret, 300, Now)).Message);
        Assert.Equal("evt_1", EventUtility.ConstructEvent(other, header, Secret, 300, Now, throwOnApiVersionMismatch: false).Id);
    }

    [Fact]
    public void An_object_of_an_unknown_type_is_null_and_still_there_as_json()
    {
        var read = EventUtility.ParseEvent("""{"id":"evt_1","object":"event","api_version":"2023-08-16","type":"x.y","data":{"object":{"id":"x_1","object":"moon"}}}""");
        Assert.Null(read.Data.Object);
        Assert.Equal("x_1", (string)read.Data.RawObject["id"]);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("[]")]
    public void What_is_no_event_is_refused(string body) => Assert.Throws<StripeException>(() => EventUtility.ParseEvent(body));

    static StripeException Refused(string body, string? header) => Assert.Throws<StripeException>(() => EventUtility.ValidateSignature(body, header, Secret, 300, Now));

    static string Header(long time, string signature) => $"t={time},v1={signature}";

    static string Sign(long time, string body, string secret = Secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}.{body}")));
}
