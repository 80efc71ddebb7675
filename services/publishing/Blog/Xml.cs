using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Empire.Publishing.Blog;

internal static class Xml
{
    public static string Write(XElement root)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, new() { Encoding = new UTF8Encoding(false), Indent = true })) root.Save(writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Drops what XML 1.0 cannot hold at all, such as a stray control character in a feed's text; a writer would refuse the whole document for it.</summary>
    public static string Clean(string text) => text.All(XmlConvert.IsXmlChar) ? text : string.Concat(text.Where(character => XmlConvert.IsXmlChar(character) || char.IsSurrogate(character)));
}
