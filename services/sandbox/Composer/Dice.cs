using System.Security.Cryptography;
using System.Text;

namespace Empire.Sandbox.Composer;

/// <summary>Random choices that depend on a text only: the same key gives the same choices on every machine and in every version of .NET (xorshift seeded by SHA-256).</summary>
public sealed class Dice
{
    ulong state;

    public Dice(string key) => state = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(key))) | 1;

    ulong Next()
    {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        return state * 0x2545F4914F6CDD1D;
    }

    /// <summary>At least 0, less than 1.</summary>
    public double Fraction() => (Next() >> 11) / (double)(1UL << 53);

    /// <summary>At least 0, less than <paramref name="bound"/>.</summary>
    public int Below(int bound) => (int)(Next() >> 33) % bound;

    /// <summary>Both bounds included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    public bool Chance(double probability) => Fraction() < probability;

    public T Pick<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>A new list in random order.</summary>
    public List<T> Shuffled<T>(IEnumerable<T> items)
    {
        var list = items.ToList();
        for (var i = list.Count - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (list[i], list[j]) = (list[j], list[i]);
        }
        return list;
    }
}
