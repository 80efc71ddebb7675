namespace Empire.Gateway.Routing;

/// <summary>One line of the route table: which paths, who answers them and who may come.</summary>
/// <param name="Service">The name in the application model; <see cref="RouteTable.Door"/> for what the gateway answers itself.</param>
/// <param name="Path">An ASP.NET Core route pattern; the path is handed on unchanged.</param>
internal sealed record ServiceRoute(string Service, string Path, Access Access = Access.Key, params string[] Methods)
{
    private static readonly string[] Reads = ["GET", "HEAD"];
    private readonly string firstWord = FirstWordOf(Path);

    /// <summary>Counts against the month of the account (identity keeps the count).</summary>
    public bool Metered { get; init; }

    /// <summary>The key may stand in the JSON body, as the field <c>api_key</c>.</summary>
    public bool KeyInBody { get; init; }

    /// <summary>Requests a minute of one key, or of one address without a key. Null: no limit of its own.</summary>
    public int? PerMinute { get; init; }

    /// <summary>Machines ask here around the clock: the tier's hour is left to people, and <see cref="PerMinute"/> alone holds.</summary>
    public bool AroundTheClock { get; init; }

    /// <summary>Answers to GET are kept for the account until it changes something.</summary>
    public bool Cached { get; init; }

    /// <summary>Answers may hold secrets, so their length must tell nothing: not compressed.</summary>
    public bool Secret { get; init; }

    /// <summary>A model writes while the caller waits, for minutes: given up after <see cref="RoutingExtensions.SlowPatience"/> only.</summary>
    public bool Slow { get; init; }

    /// <summary>A password is compared here: who hangs up before the answer has tried all the same.</summary>
    public bool Guess { get; init; }

    /// <summary>Leads out of the account: its white list does not hold here.</summary>
    public bool FromAnywhere { get; init; }

    /// <summary>Only who runs this installation.</summary>
    public bool OperatorOnly { get; init; }

    /// <summary>Bytes of a request body; null is the common limit.</summary>
    public long? MaxBodyBytes { get; init; }

    /// <summary>The service speaks gRPC here.</summary>
    public bool Grpc { get; init; }

    /// <summary>Promised, not built: answered with 501 until the line loses this mark, or its service stands in Gateway:Installed.</summary>
    public bool Later { get; init; }

    /// <summary>A page of Pages/ that the door shows here itself while no service of this line is installed; null for none. Such a line is <see cref="Later"/> too.</summary>
    public string? Page { get; init; }

    /// <summary>Whoever asks gets 501.</summary>
    public bool Unanswered => Later && Page is null;

    /// <summary>In a few words, for the API document while no service describes the path.</summary>
    public string? Summary { get; init; }

    /// <summary>Methods that match, HEAD beside each GET; null is every one.</summary>
    public IReadOnlyList<string>? Matched => Methods.Length > 0 ? [.. Methods.SelectMany(method => method == "GET" ? Reads : [method])] : Access is Access.Public ? Reads : null;

    /// <summary>What scopes of keys call this part of the API: the first word after /api/v1/ or /api/, and of what is no path of the API, a gRPC method, its service.</summary>
    public string Area => Grpc ? Service : firstWord;

    public string Cluster => Grpc ? $"{Service}-grpc" : Slow ? $"{Service}-slow" : Service;

    private static string FirstWordOf(string path)
    {
        var words = path.Split('/', StringSplitOptions.RemoveEmptyEntries).SkipWhile(word => word is "api" or "v1");
        return words.FirstOrDefault() ?? "";
    }
}

internal enum Access
{
    /// <summary>Needs an API key, an access token or a session.</summary>
    Key,

    /// <summary>Pages and redirects, for anyone; GET and HEAD only, not counted.</summary>
    Public,

    /// <summary>For anyone, to get in at all: signing up and in. Counted per address.</summary>
    Open,

    /// <summary>The service itself checks the sender's signature over the body.</summary>
    Signed,
}
