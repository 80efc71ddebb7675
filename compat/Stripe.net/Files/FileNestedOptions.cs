namespace Stripe;

public class FileFileLinkDataOptions : INestedOptions, IHasMetadata
{
    public bool? Create { get; set; }
    public DateTime? ExpiresAt { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
}
