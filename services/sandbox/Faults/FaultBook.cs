namespace Empire.Sandbox.Faults;

/// <summary>The armed faults. Each hit uses one of a fault's count; the oldest fault that matches goes first.</summary>
public sealed class FaultBook
{
    readonly Lock gate = new();
    readonly List<Armed> armed = [];

    public sealed record Armed(string Id, Fault Fault, int Left);

    public Armed Arm(Fault fault, DateTimeOffset now)
    {
        var entry = new Armed($"fault_{Guid.CreateVersion7(now):N}", fault, fault.Count);
        lock (gate) armed.Add(entry);
        return entry;
    }

    /// <returns>The fault that hits this request, now used once; null when nothing shall go wrong.</returns>
    public Fault? Take(string provider, string method, string path)
    {
        lock (gate)
        {
            var index = armed.FindIndex(a => a.Fault.Match.Hits(provider, method, path));
            if (index < 0) return null;
            var hit = armed[index];
            if (hit.Left == 1) armed.RemoveAt(index);
            else armed[index] = hit with { Left = hit.Left - 1 };
            return hit.Fault;
        }
    }

    public IReadOnlyList<Armed> All
    {
        get { lock (gate) return [.. armed]; }
    }

    public void Clear()
    {
        lock (gate) armed.Clear();
    }
}
