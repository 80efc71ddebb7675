namespace Stripe;

/// <summary>Marks what may stand inside the options of a call.</summary>
public interface INestedOptions;

/// <summary>The parameters of a call. What is null is not sent.</summary>
public class BaseOptions : INestedOptions
{
    /// <summary>Fields that come back as objects and not as ids, for instance <c>latest_invoice.payment_intent</c>; at most four levels.</summary>
    public List<string> Expand { get; set; }

    /// <summary>Parameters that this class does not know, by their wire name.</summary>
    public IDictionary<string, object> ExtraParams { get; set; }

    public void AddExpand(string value) => (Expand ??= []).Add(value);

    public void AddRangeExpand(IEnumerable<string> values) => (Expand ??= []).AddRange(values);

    public void AddExtraParam(string key, object value) => (ExtraParams ??= new Dictionary<string, object>(StringComparer.Ordinal)).Add(key, value);
}

/// <summary>A page of a list. Ids of objects are its cursors.</summary>
public class ListOptions : BaseOptions
{
    /// <summary>1 to 100; Stripe's default is 10.</summary>
    public long? Limit { get; set; }
    /// <summary>The page after the object with this id.</summary>
    public string StartingAfter { get; set; }
    /// <summary>The page before the object with this id.</summary>
    public string EndingBefore { get; set; }
}

/// <summary>A page of what was made at a time.</summary>
public class ListOptionsWithCreated : ListOptions
{
    public AnyOf<DateTime?, DateRangeOptions> Created { get; set; }
}

/// <summary>A page of what matches a query in Stripe's search language.</summary>
public class SearchOptions : BaseOptions
{
    /// <summary>1 to 100; Stripe's default is 10.</summary>
    public long? Limit { get; set; }
    /// <summary>The <see cref="StripeSearchResult{T}.NextPage"/> of the page before.</summary>
    public string Page { get; set; }
    /// <summary>For instance <c>metadata['order']:'17'</c>.</summary>
    public string Query { get; set; }
}
