using System.Text.Json;
using Empire.Content.Review;
using Empire.Data;

namespace Empire.Content.Pieces;

/// <summary>One kind of piece: what it is called, where it goes, what the model is told and what its reply must keep. One class per capability.</summary>
public abstract class PieceKind
{
    /// <summary>As in contracts: <c>blog_post</c>. Prompts carry the same name.</summary>
    public abstract string Name { get; }

    /// <summary>Where it is meant for: blog, youtube, x.</summary>
    public abstract string Platform { get; }

    /// <summary>The brief for a piece about a product.</summary>
    /// <exception cref="Http.InvalidFieldException">The order lacks what this kind needs.</exception>
    public abstract Brief BriefFor(PieceOrder order);

    /// <summary>What the reply promises and does not keep. It fits its schema already.</summary>
    public abstract IEnumerable<Objection> Check(JsonElement document, Brief brief);

    public virtual string TitleOf(JsonElement document) => document.GetProperty("title").GetString()!;

    /// <summary>What else is kept of a generated piece, in the transaction that stores it.</summary>
    public virtual Task KeepAsync(Work work, Piece piece, CancellationToken ct) => Task.CompletedTask;
}

/// <summary>What a program or a person may say about a piece they want.</summary>
/// <param name="Product">Null: about no product.</param>
/// <param name="Category">Recipes only.</param>
public sealed record PieceOrder(ProductSnapshot? Product, string? Audience = null, string? Category = null);

/// <summary>Every kind there is.</summary>
public sealed class PieceKinds(IEnumerable<PieceKind> kinds)
{
    private readonly Dictionary<string, PieceKind> byName = kinds.ToDictionary(kind => kind.Name);

    public IEnumerable<string> Names => byName.Keys;

    public PieceKind? Find(string name) => byName.GetValueOrDefault(name);

    public PieceKind Get(string name) => byName[name];
}
