namespace Stripe;

/// <summary>Parameters of <c>POST /v1/files</c>.</summary>
public class FileCreateOptions : BaseOptions
{
    public Stream File { get; set; }
    public FileFileLinkDataOptions FileLinkData { get; set; }
    public string Purpose { get; set; }
}

/// <summary>Parameters of <c>GET /v1/files/{id}</c>.</summary>
public class FileGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/files</c>.</summary>
public class FileListOptions : ListOptionsWithCreated
{
    public string Purpose { get; set; }
}
