using System.Security.Cryptography;
using Empire.Security;

namespace Empire.Tests.Security;

public sealed class SealerTests
{
    private static readonly byte[] Old = RandomNumberGenerator.GetBytes(32), New = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public void A_secret_comes_back_for_its_own_purpose_only()
    {
        var sealer = new Sealer([New]);
        var box = sealer.Seal("gopt_ключ", "vault:x");
        Assert.DoesNotContain("gopt", box, StringComparison.Ordinal);
        Assert.Equal("gopt_ключ", sealer.Open(box, "vault:x"));
        Assert.ThrowsAny<CryptographicException>(() => sealer.Open(box, "vault:y"));
        Assert.NotEqual(box, sealer.Seal("gopt_ключ", "vault:x"));
    }

    [Fact]
    public void After_a_rotation_old_values_open_until_the_old_key_is_taken_out()
    {
        var before = new Sealer([Old]).Seal("secret", "p");
        var rotated = new Sealer([New, Old]);
        Assert.Equal("secret", rotated.Open(before, "p"));
        Assert.Equal("secret", new Sealer([New]).Open(rotated.Seal("secret", "p"), "p"));
        var shut = Assert.Throws<UnreadableSecretException>(() => new Sealer([New]).Open(before, "p"));
        Assert.Contains(new Sealer([Old]).KeyId, shut.Message, StringComparison.Ordinal); // says which key to put back
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("s1.00000000.AAAA")]
    [InlineData("s2.00000000.AAAA")]
    public void What_was_never_sealed_does_not_open(string text) => Assert.ThrowsAny<CryptographicException>(() => new Sealer([New]).Open(text, "p"));

    [Fact]
    public void Every_altered_character_is_noticed()
    {
        var sealer = new Sealer([New]);
        var box = sealer.Seal("secret", "p");
        var body = box.LastIndexOf('.') + 1;
        for (var i = body; i < box.Length - 1; i++) // the last holds unused bits
        {
            var altered = box[..i] + (box[i] == 'A' ? 'B' : 'A') + box[(i + 1)..];
            Assert.ThrowsAny<CryptographicException>(() => sealer.Open(altered, "p"));
        }
    }
}
