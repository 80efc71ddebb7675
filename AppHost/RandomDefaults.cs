using System.Security.Cryptography;
using Aspire.Hosting.Publishing;

namespace Empire.AppHost;

/// <summary>A prefix that tells what the secret is for, and random letters and digits.</summary>
internal sealed class RandomText(string prefix, int length) : ParameterDefault
{
    private const string Alphanumerics = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public override string GetDefaultValue() => prefix + RandomNumberGenerator.GetString(Alphanumerics, length);

    public override void WriteToManifest(ManifestPublishingContext context) => context.Writer.WriteString("value", "");
}

/// <summary>Random bytes as base64: the key of a signature.</summary>
internal sealed class RandomKey(int bytes) : ParameterDefault
{
    public override string GetDefaultValue() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(bytes));

    public override void WriteToManifest(ManifestPublishingContext context) => context.Writer.WriteString("value", "");
}
