namespace Stripe;

/// <summary>A file at Stripe, such as evidence in a dispute.</summary>
public class File : StripeEntity<File>, IHasId, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    public DateTime Created { get; set; }
    public DateTime? ExpiresAt { get; set; }
    public string Filename { get; set; }
    public StripeList<FileLink> Links { get; set; }
    public string Purpose { get; set; }
    public long Size { get; set; }
    public string Title { get; set; }
    public string Type { get; set; }
    public string Url { get; set; }
}
