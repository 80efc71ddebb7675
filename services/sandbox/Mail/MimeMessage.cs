using System.Text;
using System.Text.RegularExpressions;

namespace Empire.Sandbox.Mail;

/// <summary>A message as a mail program reads it: decoded headers, and the first text and HTML body. Never fails: what is broken is shown as it came.</summary>
public sealed partial record MimeMessage(IReadOnlyList<KeyValuePair<string, string>> Headers, string? Text, string? Html)
{
    const int Deepest = 8;

    public string Subject => Header("Subject");
    public string From => Header("From");
    public string MessageId => Header("Message-ID").Trim().TrimStart('<').TrimEnd('>');

    /// <returns>Empty when there is none.</returns>
    public string Header(string name) => Value(Headers, name);

    public static MimeMessage Read(byte[] raw)
    {
        var (headers, body) = Split(Encoding.Latin1.GetString(raw)); // Latin-1 keeps every byte as it is
        string? text = null, html = null;
        Walk(headers, body, 0, ref text, ref html);
        return new([.. headers.Select(h => KeyValuePair.Create(h.Key, DecodeWords(Utf8(h.Value))))], text, html);
    }

    static void Walk(List<KeyValuePair<string, string>> headers, string body, int depth, ref string? text, ref string? html)
    {
        var type = Value(headers, "Content-Type");
        if (type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) && Parameter(type, "boundary") is { Length: > 0 } boundary && depth < Deepest)
        {
            foreach (var part in Parts(body, boundary))
            {
                var (partHeaders, partBody) = Split(part);
                Walk(partHeaders, partBody, depth + 1, ref text, ref html);
            }
        }
        else if (type.StartsWith("text/html", StringComparison.OrdinalIgnoreCase)) html ??= Decode(headers, type, body);
        else if (type.Length == 0 || type.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase)) text ??= Decode(headers, type, body);
    }

    static (List<KeyValuePair<string, string>> Headers, string Body) Split(string entity)
    {
        var headers = new List<KeyValuePair<string, string>>();
        var at = 0;
        while (at < entity.Length)
        {
            var end = entity.IndexOf("\r\n", at, StringComparison.Ordinal);
            if (end < 0) end = entity.Length;
            var line = entity[at..end];
            at = Math.Min(end + 2, entity.Length);
            if (line.Length == 0) break;
            if (line[0] is ' ' or '\t' && headers.Count > 0) headers[^1] = new(headers[^1].Key, $"{headers[^1].Value} {line.Trim()}"); // a folded line
            else if (line.IndexOf(':') is > 0 and var colon) headers.Add(new(line[..colon].Trim(), line[(colon + 1)..].Trim()));
        }
        return (headers, entity[at..]);
    }

    static IEnumerable<string> Parts(string body, string boundary) =>
        $"\r\n{body}".Split($"\r\n--{boundary}").Skip(1).TakeWhile(part => !part.StartsWith("--", StringComparison.Ordinal)).Select(part => part.IndexOf("\r\n", StringComparison.Ordinal) is >= 0 and var line ? part[(line + 2)..] : "");

    static string Decode(List<KeyValuePair<string, string>> headers, string type, string body)
    {
        var bytes = Value(headers, "Content-Transfer-Encoding").ToLowerInvariant() switch
        {
            "base64" => Base64(body),
            "quoted-printable" => QuotedPrintable(body.Replace("=\r\n", "", StringComparison.Ordinal), underscoreIsSpace: false),
            _ => Encoding.Latin1.GetBytes(body),
        };
        return Charset(Parameter(type, "charset")).GetString(bytes).TrimEnd('\r', '\n');
    }

    /// <summary>RFC 2047: <c>=?utf-8?Q?…?=</c>; the space between two such words is none.</summary>
    static string DecodeWords(string value) =>
        EncodedWord().Replace(BetweenWords().Replace(value, "$1"), word => Charset(word.Groups[1].Value).GetString(
            word.Groups[2].Value is "B" or "b" ? Base64(word.Groups[3].Value) : QuotedPrintable(word.Groups[3].Value, underscoreIsSpace: true)));

    static byte[] Base64(string text)
    {
        try { return Convert.FromBase64String(text); }
        catch (FormatException) { return Encoding.Latin1.GetBytes(text); }
    }

    static byte[] QuotedPrintable(string text, bool underscoreIsSpace) => Encoding.Latin1.GetBytes(
        HexPair().Replace(underscoreIsSpace ? text.Replace('_', ' ') : text, pair => ((char)Convert.ToByte(pair.Groups[1].Value, 16)).ToString()));

    static Encoding Charset(string name)
    {
        try { return name.Length == 0 ? Encoding.UTF8 : Encoding.GetEncoding(name); }
        catch (ArgumentException) { return Encoding.UTF8; }
    }

    static string Utf8(string latin1) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(latin1));

    static string Value(IEnumerable<KeyValuePair<string, string>> headers, string name) =>
        headers.FirstOrDefault(h => string.Equals(h.Key, name, StringComparison.OrdinalIgnoreCase)).Value ?? "";

    static string Parameter(string type, string name) =>
        type.Split(';').Skip(1).Select(p => p.Trim()).Where(p => p.StartsWith($"{name}=", StringComparison.OrdinalIgnoreCase)).Select(p => p[(name.Length + 1)..].Trim('"')).FirstOrDefault() ?? "";

    [GeneratedRegex(@"=\?([^?]+)\?([QqBb])\?([^?]*)\?=")] private static partial Regex EncodedWord();
    [GeneratedRegex(@"(\?=)\s+(?==\?)")] private static partial Regex BetweenWords();
    [GeneratedRegex("=([0-9A-Fa-f]{2})")] private static partial Regex HexPair();
}
