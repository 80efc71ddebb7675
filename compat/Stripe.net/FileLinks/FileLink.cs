using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>An address at which a file may be read without a key.</summary>
public class FileLink : StripeEntity<FileLink>, IHasId, IHasMetadata, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    public DateTime Created { get; set; }
    public bool Expired { get; set; }
    public DateTime? ExpiresAt { get; set; }
    [JsonIgnore] public string FileId { get => FileField.Id; set => FileField = FileField.WithId(value); }
    [JsonIgnore] public File File { get => FileField.Object; set => FileField = Expandable<File>.Of(value); }
    [JsonInclude, JsonPropertyName("file")] internal Expandable<File> FileField { get; set; }
    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Url { get; set; }
}
