using System.IO.Hashing;
using System.Text;

namespace Hashing.Tests;

public sealed class PublishedVectorTests
{
    const long Prime32 = 2654435761;

    /// <summary>The self-test of the xxHash program hashes prefixes of this buffer.</summary>
    static readonly byte[] SanityBuffer = BuildSanityBuffer();

    [Theory]
    [InlineData("", "02CC5D05")]
    [InlineData("a", "550D7456")]
    [InlineData("abc", "32D153FF")]
    [InlineData("Nobody inspects the spammish repetition", "E2293B2F")]
    public void Xxh32_of_text(string text, string hash) => Assert.Equal(hash, Convert.ToHexString(XxHash32.Hash(Encoding.ASCII.GetBytes(text))));

    [Theory]
    [InlineData("", "EF46DB3751D8E999")]
    [InlineData("a", "D24EC4F1A98C6E5B")]
    [InlineData("abc", "44BC2CF5AD770999")]
    [InlineData("Nobody inspects the spammish repetition", "FBCEA83C8A378BF1")]
    public void Xxh64_of_text(string text, string hash) => Assert.Equal(hash, Convert.ToHexString(XxHash64.Hash(Encoding.ASCII.GetBytes(text))));

    [Theory]
    [InlineData(0, 0, 0x02CC5D05)]
    [InlineData(0, Prime32, 0x36B78AE7)]
    [InlineData(1, 0, 0xCF65B03E)]
    [InlineData(1, Prime32, 0xB4545AA4)]
    [InlineData(14, 0, 0x1208E7E2)]
    [InlineData(14, Prime32, 0x6AF1D1FE)]
    [InlineData(222, 0, 0x5BD11DBD)]
    [InlineData(222, Prime32, 0x58803C5F)]
    public void Xxh32_sanity_check(int length, long seed, uint hash) =>
        Assert.Equal(hash, XxHash32.HashToUInt32(SanityBuffer.AsSpan(0, length), (int)(uint)seed));

    [Theory]
    [InlineData(0, 0, 0xEF46DB3751D8E999)]
    [InlineData(0, Prime32, 0xAC75FDA2929B17EF)]
    [InlineData(1, 0, 0xE934A84ADB052768)]
    [InlineData(1, Prime32, 0x5014607643A9B4C3)]
    [InlineData(4, 0, 0x9136A0DCA57457EE)]
    [InlineData(14, 0, 0x8282DCC4994E35C8)]
    [InlineData(14, Prime32, 0xC3BD6BF63DEB6DF0)]
    [InlineData(222, 0, 0xB641AE8CB691C174)]
    [InlineData(222, Prime32, 0x20CB8AB7AE10C14A)]
    public void Xxh64_sanity_check(int length, long seed, ulong hash) =>
        Assert.Equal(hash, XxHash64.HashToUInt64(SanityBuffer.AsSpan(0, length), seed));

    [Fact]
    public void Crc32_of_the_check_string() => Assert.Equal(0xCBF43926U, Crc32.HashToUInt32("123456789"u8));

    [Fact]
    public void Crc32_bytes_are_little_endian() => Assert.Equal("2639F4CB", Convert.ToHexString(Crc32.Hash("123456789"u8)));

    [Fact]
    public void Crc32_of_a_sentence_longer_than_one_step() =>
        Assert.Equal(0x414FA339U, Crc32.HashToUInt32("The quick brown fox jumps over the lazy dog"u8));

    [Fact]
    public void Crc64_of_the_check_string() => Assert.Equal("6C40DF5F0B497347", Convert.ToHexString(Crc64.Hash("123456789"u8)));

    static byte[] BuildSanityBuffer()
    {
        const ulong Prime64 = 11400714785074694797;
        var buffer = new byte[222];
        ulong generator = Prime32;
        for (var i = 0; i < buffer.Length; i++)
        {
            buffer[i] = (byte)(generator >> 56);
            generator *= Prime64;
        }

        return buffer;
    }
}
