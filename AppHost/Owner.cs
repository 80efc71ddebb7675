using System.Security.Cryptography;
using Aspire.Hosting.Publishing;

namespace Empire.AppHost;

/// <summary>The first person of this installation. What is not set is generated once and kept in <c>secrets.json</c> of the home folder.</summary>
internal sealed record Owner(IResourceBuilder<ParameterResource> Email, IResourceBuilder<ParameterResource> Password, IResourceBuilder<ParameterResource> ApiKey)
{
    public const string DefaultEmail = "owner@empire.localhost";

    /// <summary>Variable to parameter.</summary>
    public static readonly IReadOnlyDictionary<string, string> Variables = new Dictionary<string, string>
    {
        ["EMPIRE_OWNER_EMAIL"] = "owner-email", ["EMPIRE_OWNER_PASSWORD"] = "owner-password", ["EMPIRE_OWNER_API_KEY"] = "owner-api-key",
    };
}

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
