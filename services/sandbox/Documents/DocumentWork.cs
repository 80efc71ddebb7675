using System.Text.Json.Nodes;
using Empire.Sandbox.Webhooks;

namespace Empire.Sandbox.Documents;

/// <summary>A change under way in a <see cref="DocumentStore"/>: documents are copies until it commits. Fields that start with an underscore are the
/// sandbox's own and never shown.</summary>
public sealed class DocumentWork(DocumentStore store)
{
    const string TypeField = "_type";
    readonly Dictionary<string, JsonObject> touched = [];
    readonly List<string> added = [];
    readonly HashSet<string> removed = [];
    readonly List<Webhook> announced = [];

    public IReadOnlyList<Webhook> Announced => announced;

    public static string TypeOf(JsonObject document) => document[TypeField]!.GetValue<string>();

    /// <returns>The document, to be read or altered; null when there is none of this id and type.</returns>
    public JsonObject? Find(string type, string? id)
    {
        if (id is null || removed.Contains(id)) return null;
        if (!touched.TryGetValue(id, out var document))
        {
            if (store.Peek(id) is not { } kept || TypeOf(kept) != type) return null;
            touched[id] = document = kept.DeepClone().AsObject();
        }
        return TypeOf(document) == type ? document : null;
    }

    /// <returns>The document of this id, whatever its type, as a copy; for showing only.</returns>
    public JsonObject? Look(string id) => removed.Contains(id) ? null : (touched.GetValueOrDefault(id) ?? store.Peek(id))?.DeepClone().AsObject();

    /// <returns>The document before this change; null when the change made it.</returns>
    public JsonObject? Before(string id) => store.Peek(id);

    /// <summary>Oldest first, with what this change has altered; for reading only.</summary>
    public IEnumerable<JsonObject> All(string type)
    {
        foreach (var kept in store.OfType(type))
        {
            var id = IdOf(kept);
            if (!removed.Contains(id)) yield return touched.GetValueOrDefault(id) ?? kept;
        }
        foreach (var id in added.ToArray())
            if (touched.TryGetValue(id, out var document) && TypeOf(document) == type) yield return document;
    }

    /// <param name="document">Carries its <c>id</c>, unique among all types, or <c>_id</c> where the provider shows none.</param>
    public JsonObject Add(string type, JsonObject document)
    {
        document[TypeField] = type;
        var id = IdOf(document);
        if (store.Peek(id) is not null || !touched.TryAdd(id, document)) throw new InvalidOperationException($"There is a document {id} already.");
        added.Add(id);
        return document;
    }

    public void Remove(string id)
    {
        touched.Remove(id);
        if (!added.Remove(id)) removed.Add(id);
    }

    /// <summary>As if nothing had been done: for looking at what would come of a change.</summary>
    public void Forget()
    {
        touched.Clear();
        added.Clear();
        removed.Clear();
        announced.Clear();
    }

    /// <summary>To be told to the outside once the change stands.</summary>
    public void Announce(Webhook webhook)
    {
        Add(Webhook.Type, webhook.ToDocument());
        announced.Add(webhook);
    }

    /// <summary>Without the sandbox's own fields; a copy.</summary>
    public static JsonObject Shown(JsonObject document)
    {
        var shown = document.DeepClone().AsObject();
        foreach (var hidden in shown.Select(p => p.Key).Where(k => k.StartsWith('_')).ToArray()) shown.Remove(hidden);
        return shown;
    }

    internal (JsonObject Set, IReadOnlyList<string> Gone) Changes()
    {
        var set = new JsonObject();
        foreach (var (id, document) in touched.Where(t => store.Peek(t.Key) is not { } kept || !JsonNode.DeepEquals(kept, t.Value)))
            if (!added.Contains(id)) set[id] = document.DeepClone();
        foreach (var id in added) set[id] = touched[id].DeepClone();
        return (set, [.. removed]);
    }

    static string IdOf(JsonObject document) => (document["_id"] ?? document["id"])!.ToString();
}
