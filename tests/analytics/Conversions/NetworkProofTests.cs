using System.Text;
using Empire.Analytics.Conversions;

namespace Empire.Analytics.Tests.Conversions;

public sealed class NetworkProofTests
{
    // HMAC-SHA256("key", "1772438400.The quick brown fox jumps over the lazy dog"), computed with openssl dgst -sha256 -hmac.
    private const string Signature = "3d67945f5fd6420e8c38296cd7575d7b7cf77716c6e81475b91f832000d97d92";
    private const string Timestamp = "1772438400";
    private static readonly byte[] Body = Encoding.ASCII.GetBytes("The quick brown fox jumps over the lazy dog");
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1772438400);

    [Fact]
    public void A_signature_over_timestamp_and_raw_body_holds() => Assert.True(NetworkProof.Holds("key", Signature, Timestamp, null, Body, Now));

    [Fact]
    public void Upper_case_hex_holds_too() => Assert.True(NetworkProof.Holds("key", Signature.ToUpperInvariant(), Timestamp, null, Body, Now));

    [Fact]
    public void The_secret_itself_as_key_holds() => Assert.True(NetworkProof.Holds("key", null, null, "key", Body, Now));

    [Theory]
    [InlineData("other", Signature, Timestamp, null)]   // another secret
    [InlineData("key", Signature, "1772438401", null)]  // another timestamp than was signed
    [InlineData("key", Signature, null, null)]
    [InlineData("key", Signature, "soon", null)]
    [InlineData("key", "00", Timestamp, null)]
    [InlineData("key", "zz", Timestamp, null)]
    [InlineData("key", null, Timestamp, null)]
    [InlineData("key", "", "", "")]
    [InlineData("key", null, null, "other")]
    [InlineData("key", "00", Timestamp, "key")]         // a good key does not heal a bad signature
    [InlineData("", null, null, "")]                    // no secret is configured
    public void Anything_else_does_not(string secret, string? signature, string? timestamp, string? key) =>
        Assert.False(NetworkProof.Holds(secret, signature, timestamp, key, Body, Now));

    [Fact]
    public void A_changed_byte_of_the_body_breaks_it() => Assert.False(NetworkProof.Holds("key", Signature, Timestamp, null, [.. Body, (byte)' '], Now));

    [Theory]
    [InlineData(300, true)]
    [InlineData(-300, true)]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    public void A_signature_lasts_five_minutes_either_way(int secondsLater, bool holds) =>
        Assert.Equal(holds, NetworkProof.Holds("key", Signature, Timestamp, null, Body, Now.AddSeconds(secondsLater)));
}
