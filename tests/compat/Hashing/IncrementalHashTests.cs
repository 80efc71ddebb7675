using System.IO.Hashing;

namespace Hashing.Tests;

public sealed class IncrementalHashTests
{
    public static TheoryData<string> Algorithms => ["XxHash32", "XxHash64", "Crc32", "Crc64"];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Any_cutting_of_the_input_gives_the_hash_of_the_whole(string name)
    {
        var random = new Random(4711);
        for (var round = 0; round < 200; round++)
        {
            var input = new byte[random.Next(300)];
            random.NextBytes(input);
            var (algorithm, whole) = Create(name, input);
            for (var at = 0; at < input.Length;)
            {
                var length = Math.Min(random.Next(70), input.Length - at);
                algorithm.Append(input.AsSpan(at, length));
                at += length;
            }

            Assert.Equal(whole, algorithm.GetCurrentHash());
            Assert.Equal(whole, algorithm.GetHashAndReset());
            await algorithm.AppendAsync(new MemoryStream(input));
            Assert.Equal(whole, algorithm.GetCurrentHash());
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_destination_that_is_too_short_is_refused(string name)
    {
        var (algorithm, whole) = Create(name, [1, 2, 3]);
        Assert.False(algorithm.TryGetCurrentHash(new byte[whole.Length - 1], out var written));
        Assert.Equal(0, written);
        Assert.Throws<ArgumentException>(() => algorithm.GetCurrentHash(new byte[whole.Length - 1]));
    }

    static (NonCryptographicHashAlgorithm Algorithm, byte[] Whole) Create(string name, byte[] input) => name switch
    {
        "XxHash32" => (new XxHash32(7), XxHash32.Hash(input, 7)),
        "XxHash64" => (new XxHash64(7), XxHash64.Hash(input, 7)),
        "Crc32" => (new Crc32(), Crc32.Hash(input)),
        _ => (new Crc64(), Crc64.Hash(input)),
    };
}
