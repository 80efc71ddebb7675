using System.Globalization;
using System.Text.Json.Nodes;

namespace Empire.Sandbox.Documents;

/// <summary>Numbers of a document, whether they were just written or read back: a node that holds an int refuses to be read as a long.</summary>
static class JsonNumbers
{
    public static long Whole(this JsonNode number) => long.Parse(number.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    public static decimal Exact(this JsonNode number) => decimal.Parse(number.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture);
}
