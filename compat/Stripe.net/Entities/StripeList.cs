using System.Collections;

namespace Stripe;

/// <summary>A page of a list; <see cref="HasMore"/> tells whether another one follows.</summary>
public class StripeList<T> : StripeEntity<StripeList<T>>, IHasObject, IEnumerable<T>
{
    public string Object { get; set; }
    public List<T> Data { get; set; }
    public bool HasMore { get; set; }
    public string Url { get; set; }

    public IEnumerator<T> GetEnumerator() => Data.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Reverse() => Data.Reverse();
}

/// <summary>A page of what a search found. Searches lag behind writes by up to a minute.</summary>
public class StripeSearchResult<T> : StripeEntity<StripeSearchResult<T>>, IHasObject, IEnumerable<T>
{
    public string Object { get; set; }
    public List<T> Data { get; set; }
    public bool HasMore { get; set; }
    public string Url { get; set; }
    /// <summary>Goes into <see cref="SearchOptions.Page"/>.</summary>
    public string NextPage { get; set; }
    /// <summary>Only where expanded.</summary>
    public long? TotalCount { get; set; }

    public IEnumerator<T> GetEnumerator() => Data.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
