using System.Buffers;
using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    /// <summary>One key with its value: bytes when the key ends in <see cref="BinaryHeaderSuffix"/>, ASCII text otherwise. Never changes.</summary>
    public sealed class Entry
    {
        static readonly SearchValues<char> LegalKeyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

        readonly string? text;
        readonly byte[]? bytes;

        /// <exception cref="ArgumentException">The key does not end in <see cref="BinaryHeaderSuffix"/>, or has a character that a header may not have.</exception>
        public Entry(string key, byte[] valueBytes)
        {
            Key = Normalized(key);
            if (!IsBinary) throw new ArgumentException($"The key '{Key}' of a binary entry must end in {BinaryHeaderSuffix}.", nameof(key));
            ArgumentNullException.ThrowIfNull(valueBytes);
            bytes = valueBytes.AsSpan().ToArray();
        }

        /// <exception cref="ArgumentException">The key ends in <see cref="BinaryHeaderSuffix"/>, or has a character that a header may not have.</exception>
        public Entry(string key, string value)
        {
            Key = Normalized(key);
            if (IsBinary) throw new ArgumentException($"The key '{Key}' of a text entry must not end in {BinaryHeaderSuffix}.", nameof(key));
            ArgumentNullException.ThrowIfNull(value);
            text = value;
        }

        Entry(string key, string? text, byte[]? bytes)
        {
            Key = key;
            this.text = text;
            this.bytes = bytes;
        }

        /// <summary>In lower case.</summary>
        public string Key { get; }

        /// <exception cref="InvalidOperationException">The entry is binary.</exception>
        public string Value => text ?? throw new InvalidOperationException($"The entry '{Key}' is binary: read ValueBytes.");

        /// <summary>A copy of the bytes; of a text entry, its ASCII bytes.</summary>
        public byte[] ValueBytes => bytes?.AsSpan().ToArray() ?? Encoding.ASCII.GetBytes(text!);

        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        public override string ToString() => text is null ? $"[Entry: key={Key}, valueBytes={bytes!.Length}]" : $"[Entry: key={Key}, value={text}]";

        /// <summary>Without copy or check, for keys that came off the wire; the caller gives the array away.</summary>
        internal static Entry FromWire(string lowerCaseKey, byte[] bytes) => new(lowerCaseKey, text: null, bytes);

        /// <inheritdoc cref="FromWire(string, byte[])"/>
        internal static Entry FromWire(string lowerCaseKey, string text) => new(lowerCaseKey, text, bytes: null);

        /// <summary>The bytes themselves, for writing them to the wire.</summary>
        internal ReadOnlySpan<byte> RawBytes => bytes;

        static string Normalized(string key)
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            var lower = key.ToLowerInvariant();
            if (lower.AsSpan().ContainsAnyExcept(LegalKeyCharacters))
                throw new ArgumentException($"The metadata key '{key}' may hold only letters, digits, '-', '_' and '.'.", nameof(key));
            return lower;
        }
    }
}
