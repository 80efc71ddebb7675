namespace Empire.Data;

/// <summary>From <c>ConnectionStrings:{service}</c>.</summary>
internal sealed class DatabaseOptions
{
    /// <summary>Of the owner, who may create roles and tables.</summary>
    public string ConnectionString { get; set; } = "";
}
