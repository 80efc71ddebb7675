using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Empire.Gateway.Requests;

/// <summary>A certificate with its key, read whole from one file or two: PKCS#12, or PEM with the key in the same file or beside it. What else stands in them are the certificates between it and its root, which clients
/// are sent too: few know them.</summary>
internal sealed class CertificateFiles
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string BeginCertificate = "-----BEGIN CERTIFICATE-----";

    private readonly byte[] content;
    private readonly byte[]? key;

    private CertificateFiles(byte[] content, byte[]? key)
    {
        (this.content, this.key) = (content, key);
        Fingerprint = Convert.ToHexString(SHA256.HashData(content)) + (key is null ? "" : Convert.ToHexString(SHA256.HashData(key)));
    }

    /// <summary>Another one when a byte of a file is another.</summary>
    public string Fingerprint { get; }

    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static CertificateFiles Read(string path, string? keyPath) => new(File.ReadAllBytes(path), keyPath is { Length: > 0 } ? File.ReadAllBytes(keyPath) : null);

    /// <exception cref="CryptographicException">They hold no certificate that a server can show, or not all of it.</exception>
    public Certificate Parse(string? password)
    {
        try
        {
            var text = Encoding.UTF8.GetString(content);
            var (own, others) = text.Contains("-----BEGIN", StringComparison.Ordinal) ? FromPem(text, password) : FromPkcs12(password);
            if (own.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is { } usage && !usage.EnhancedKeyUsages.Cast<Oid>().Any(use => use.Value == ServerAuthentication))
                throw new CryptographicException($"{own.Subject} is not for servers.");
            // Off the network: whatever is between it and its root stands in the file, and nobody waits for an authority's server.
            return new(SslStreamCertificateContext.Create(own, others, offline: true), new(own.NotBefore.ToUniversalTime()), new(own.NotAfter.ToUniversalTime()), Fingerprint);
        }
        catch (ArgumentException e)
        {
            throw new CryptographicException(e.Message, e);   // of a key that is another certificate's
        }
    }

    /// <returns>What is wrong with them; null when they can be served.</returns>
    public static string? FaultIn(string path, string? keyPath, string? password)
    {
        try
        {
            Read(path, keyPath).Parse(password);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return e.Message;
        }
    }

    private (X509Certificate2, X509Certificate2Collection) FromPem(string text, string? password)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPem(text);
        if (all.Count == 0 || all.Count != text.AsSpan().Count(BeginCertificate)) throw new CryptographicException("The file ends within a certificate, or has none.");   // half of it is written
        var keyText = key is null ? text : Encoding.UTF8.GetString(key);
        using var loaded = password is { Length: > 0 } ? X509Certificate2.CreateFromEncryptedPem(text, keyText, password) : X509Certificate2.CreateFromPem(text, keyText);
        all.RemoveAt(0);
        return (X509CertificateLoader.LoadPkcs12(loaded.Export(X509ContentType.Pkcs12), null), all);   // a key read from PEM is not one that every platform's TLS can use
    }

    private (X509Certificate2, X509Certificate2Collection) FromPkcs12(string? password)
    {
        var all = X509CertificateLoader.LoadPkcs12Collection(content, password);
        var own = all.FirstOrDefault(certificate => certificate.HasPrivateKey) ?? throw new CryptographicException("The file has no private key.");
        all.Remove(own);
        return (own, all);
    }

    /// <param name="Context">As TLS shows it, with what leads to its root.</param>
    internal sealed record Certificate(SslStreamCertificateContext Context, DateTimeOffset From, DateTimeOffset Until, string Fingerprint)
    {
        public bool HoldsAt(DateTimeOffset now) => From <= now && now < Until;
    }
}
