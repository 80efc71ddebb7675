using System.Text.Json.Nodes;
using Empire.Sandbox.Webhooks;

namespace Empire.Sandbox.Documents;

/// <summary>
/// What one payment provider knows, as the JSON documents it shows. A change is all or nothing: its documents, the answer kept for a repeat and the
/// webhooks it causes are one line of the journal, so that a kill leaves either all of them or none.
/// </summary>
public class DocumentStore
{
    readonly Lock gate = new();
    readonly Dictionary<string, JsonObject> documents = [];
    readonly Dictionary<string, List<string>> byType = [];
    readonly Journal journal;
    readonly string kind;

    /// <param name="Set">Documents as they are after the change, by id.</param>
    /// <param name="Gone">Ids that are forgotten.</param>
    sealed record Entry(JsonObject Set, IReadOnlyList<string> Gone);

    /// <param name="kind">The provider's name; entries of the journal carry it.</param>
    protected DocumentStore(string kind, Journal journal, TimeProvider clock)
    {
        (this.kind, this.journal) = (kind, journal);
        Webhooks = new(this, clock);
        foreach (var entry in journal.Read<Entry>(kind)) Apply(entry);
        Webhooks.Add(OfType(Webhook.Type).Select(Webhook.Of));
    }

    /// <summary>What is still to be told, oldest first.</summary>
    public WebhookQueue Webhooks { get; }

    /// <summary>One change, alone in the store. It stands, on the disk, when <paramref name="change"/> returns; when it throws, nothing has happened.</summary>
    /// <param name="afterwards">Called with the release of the webhooks; null releases them at once.</param>
    public T Change<T>(Func<DocumentWork, T> change, Action<Action>? afterwards = null)
    {
        T result;
        IReadOnlyList<Webhook> webhooks;
        lock (gate)
        {
            var work = new DocumentWork(this);
            result = change(work);
            var (set, gone) = work.Changes();
            if (set.Count > 0 || gone.Count > 0)
            {
                var entry = new Entry(set, gone);
                journal.Append(kind, entry);
                Apply(entry);
            }
            webhooks = work.Announced;
        }
        if (webhooks.Count > 0)
        {
            if (afterwards is null) Webhooks.Add(webhooks);
            else afterwards(() => Webhooks.Add(webhooks));
        }
        return result;
    }

    public virtual void Clear()
    {
        lock (gate)
        {
            documents.Clear();
            byType.Clear();
            Webhooks.Clear();
        }
    }

    /// <summary>The document itself, not a copy: for reading under the gate only.</summary>
    internal JsonObject? Peek(string id) => documents.GetValueOrDefault(id);

    /// <summary>Oldest first; for reading under the gate only.</summary>
    internal IEnumerable<JsonObject> OfType(string type) => byType.TryGetValue(type, out var ids) ? ids.Select(id => documents[id]) : [];

    void Apply(Entry entry)
    {
        foreach (var (id, node) in entry.Set)
        {
            var document = node!.DeepClone().AsObject();
            if (!documents.ContainsKey(id))
            {
                var type = DocumentWork.TypeOf(document);
                if (!byType.TryGetValue(type, out var ids)) byType[type] = ids = [];
                ids.Add(id);
            }
            documents[id] = document;
        }
        foreach (var id in entry.Gone)
            if (documents.Remove(id, out var document)) byType[DocumentWork.TypeOf(document)].Remove(id);
    }
}
