using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Core;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>What a client certificate says of the peer, under the property names that gRPC uses in every language.</summary>
static class PeerCertificate
{
    const string CommonName = "x509_common_name";
    const string AlternativeName = "x509_subject_alternative_name";

    public static AuthContext ToAuthContext(X509Certificate2? certificate)
    {
        var properties = new Dictionary<string, List<AuthProperty>>();
        if (certificate is null) return new(peerIdentityPropertyName: null, properties);
        foreach (var name in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames()))
            Add(AlternativeName, name);
        var identity = properties.ContainsKey(AlternativeName) ? AlternativeName : CommonName;
        if (certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) is { Length: > 0 } common) Add(CommonName, common);
        return new(properties.ContainsKey(identity) ? identity : null, properties);

        void Add(string property, string value)
        {
            if (!properties.TryGetValue(property, out var values)) properties[property] = values = [];
            values.Add(AuthProperty.Create(property, Encoding.UTF8.GetBytes(value)));
        }
    }
}
