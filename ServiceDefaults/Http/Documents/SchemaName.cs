namespace Empire.Http.Documents;

/// <summary>What a type is called in the API document. Every use case has a record named Request, so the name of a type within another begins with the other's:
/// under its bare name one request would be shown with the fields of another.</summary>
internal static class SchemaName
{
    private const string Routes = "Endpoints";

    /// <returns>As SignUpRequest, CouponView, PageOfInviteView.</returns>
    public static string Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsArray) return Of(type.GetElementType()!) + "List";
        var name = type.Name.Split('`')[0];
        for (var outer = type.DeclaringType; outer is not null; outer = outer.DeclaringType) name = Stem(outer.Name.Split('`')[0]) + name;
        return type.IsGenericType ? $"{name}Of{string.Join("And", type.GetGenericArguments().Select(Of))}" : name;
    }

    private static string Stem(string outer) => outer.EndsWith(Routes, StringComparison.Ordinal) && outer.Length > Routes.Length ? outer[..^Routes.Length] : outer;
}
