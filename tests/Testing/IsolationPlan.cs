namespace Empire.Testing;

/// <summary>What a service's walk needs beside the account itself.</summary>
public sealed record IsolationPlan
{
    /// <summary>Who owns the account; a person whom the service knows, where it knows people.</summary>
    public Guid Owner { get; init; } = Guid.CreateVersion7();

    /// <summary>Who must learn nothing, the owner of another account; by default of one that nobody has heard of.</summary>
    public Guid Stranger { get; init; } = Guid.CreateVersion7();

    /// <summary>Of <see cref="Stranger"/>.</summary>
    public TenantId Elsewhere { get; init; } = TenantId.New(TimeProvider.System.GetUtcNow());

    /// <summary>JSON bodies by operation (<c>POST /api/things/{id}/parts</c>) where the example of the API document is refused by this account for another reason than an id.</summary>
    public IReadOnlyDictionary<string, string> Bodies { get; init; } = new Dictionary<string, string>();

    /// <summary>What stands in <see cref="Bodies"/> of the account, and the like of it that is the stranger's own: their call ends at no other id than the one that is tried.</summary>
    public IReadOnlyDictionary<string, string> Counterparts { get; init; } = new Dictionary<string, string>();

    /// <summary>Places whose field names a thing of another service or of the world, which this one keeps as it is told and looks nothing up by, each with the reason. They are not walked.</summary>
    public IReadOnlyDictionary<string, string> Foreign { get; init; } = new Dictionary<string, string>();

    /// <summary>Places that take an id, as the walk names them (<c>GET /api/things/{id}</c>, <c>GET /api/things?part_id</c>, <c>POST /api/things part_id</c>), where not even the owner is told anything else of
    /// their own things than of what does not exist, each with the reason. A stranger who is told the same there proves nothing.</summary>
    public IReadOnlyDictionary<string, string> Unproven { get; init; } = new Dictionary<string, string>();

    /// <summary>Places whose path takes words of the installation or of the world, which name the same in every account (<c>PUT /api/things/{colour}</c>), each with the reason. What a stranger is told there may differ
    /// from what they are told of a word that there is not; it must show nothing of the account, and change nothing of it.</summary>
    public IReadOnlyDictionary<string, string> Words { get; init; } = new Dictionary<string, string>();
}
