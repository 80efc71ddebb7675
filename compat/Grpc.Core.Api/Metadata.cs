using System.Collections;

namespace Grpc.Core;

/// <summary>The headers or trailers of a call: an ordered list of entries in which a key may occur more than once.</summary>
public sealed partial class Metadata : IList<Metadata.Entry>
{
    /// <summary>A key with this ending holds bytes; any other holds ASCII text.</summary>
    public const string BinaryHeaderSuffix = "-bin";

    /// <summary>Holds nothing and cannot be changed.</summary>
    public static readonly Metadata Empty = new(readOnly: true);

    readonly List<Entry> entries;

    public Metadata() : this(readOnly: false)
    {
    }

    Metadata(bool readOnly)
    {
        IsReadOnly = readOnly;
        entries = [];
    }

    public int Count => entries.Count;

    public bool IsReadOnly { get; private set; }

    public Entry this[int index]
    {
        get => entries[index];
        set => Writable()[index] = NotNull(value);
    }

    /// <summary>The last entry under the key, whatever its case; null when there is none.</summary>
    public Entry? Get(string key)
    {
        for (var i = entries.Count - 1; i >= 0; i--)
        {
            if (string.Equals(entries[i].Key, key, StringComparison.OrdinalIgnoreCase)) return entries[i];
        }

        return null;
    }

    /// <summary>The text of the last entry under the key; null when there is none.</summary>
    /// <exception cref="InvalidOperationException">The entry is binary.</exception>
    public string? GetValue(string key) => Get(key)?.Value;

    /// <summary>The bytes of the last entry under the key; null when there is none.</summary>
    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;

    public IEnumerable<Entry> GetAll(string key) => entries.Where(entry => string.Equals(entry.Key, key, StringComparison.OrdinalIgnoreCase));

    public void Add(Entry item) => Writable().Add(NotNull(item));

    public void Add(string key, string value) => Writable().Add(new Entry(key, value));

    public void Add(string key, byte[] valueBytes) => Writable().Add(new Entry(key, valueBytes));

    public void Insert(int index, Entry item) => Writable().Insert(index, NotNull(item));

    public void RemoveAt(int index) => Writable().RemoveAt(index);

    public bool Remove(Entry item) => Writable().Remove(item);

    public void Clear() => Writable().Clear();

    public int IndexOf(Entry item) => entries.IndexOf(item);

    public bool Contains(Entry item) => entries.Contains(item);

    public void CopyTo(Entry[] array, int arrayIndex) => entries.CopyTo(array, arrayIndex);

    public IEnumerator<Entry> GetEnumerator() => entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => entries.GetEnumerator();

    /// <summary>Forbids further change; a second call does nothing.</summary>
    internal Metadata Freeze()
    {
        IsReadOnly = true;
        return this;
    }

    static Entry NotNull(Entry? entry) => entry ?? throw new ArgumentNullException(nameof(entry));

    List<Entry> Writable() => IsReadOnly ? throw new InvalidOperationException("This metadata is read-only.") : entries;
}
