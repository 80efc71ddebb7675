namespace Empire.Sandbox.X;

/// <param name="Id">A snowflake: the creation time in its upper bits, so ids sort by time.</param>
public sealed record Post(long Id, string AuthorId, string Text, DateTimeOffset CreatedAt);

/// <summary>Every post of the emulated X. Survives a kill through the journal.</summary>
public sealed class Posts
{
    const string PostEntry = "x_post", DeleteEntry = "x_delete";
    static readonly DateTimeOffset SnowflakeEpoch = DateTimeOffset.FromUnixTimeMilliseconds(1288834974657); // the first instant of X's id scheme

    readonly Lock gate = new();
    readonly SortedDictionary<long, Post> posts = [];
    readonly Journal journal;
    long lastId;

    sealed record Deletion(long Id);

    public Posts(Journal journal)
    {
        this.journal = journal;
        foreach (var post in journal.Read<Post>(PostEntry)) posts[post.Id] = post;
        lastId = posts.Keys.LastOrDefault();
        foreach (var deletion in journal.Read<Deletion>(DeleteEntry)) posts.Remove(deletion.Id);
    }

    /// <returns>The new post; null when the author has this very text standing already, which X refuses.</returns>
    public Post? Add(string authorId, string text, DateTimeOffset now)
    {
        lock (gate)
        {
            if (posts.Values.Any(p => p.AuthorId == authorId && p.Text == text)) return null;
            lastId = Math.Max(lastId + 1, (long)(now - SnowflakeEpoch).TotalMilliseconds << 22);
            var post = new Post(lastId, authorId, text, now);
            journal.Append(PostEntry, post);
            posts[post.Id] = post;
            return post;
        }
    }

    public Post? Find(long id)
    {
        lock (gate) return posts.GetValueOrDefault(id);
    }

    public bool Delete(long id, string authorId)
    {
        lock (gate)
        {
            if (!posts.TryGetValue(id, out var post) || post.AuthorId != authorId) return false;
            journal.Append(DeleteEntry, new Deletion(id));
            return posts.Remove(id);
        }
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Post> Of(string authorId)
    {
        lock (gate) return [.. posts.Values.Where(p => p.AuthorId == authorId).Reverse()];
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Post> All
    {
        get { lock (gate) return [.. posts.Values]; }
    }

    public void Clear()
    {
        lock (gate) posts.Clear();
    }
}
