using System.Data;
using Dapper;

namespace Empire.Data;

/// <summary>How .NET types meet columns, once for the process: <c>snake_case</c> names, typed tenant ids, currencies, UTC times.</summary>
internal static class DapperMapping
{
    private static readonly Lock Once = new();
    private static bool done;

    public static void Register()
    {
        lock (Once)
        {
            if (done) return;
            DefaultTypeMap.MatchNamesWithUnderscores = true;
            SqlMapper.AddTypeHandler(new TenantIdHandler());
            SqlMapper.AddTypeHandler(new CurrencyHandler());
            SqlMapper.AddTypeHandler(new UtcHandler());
            SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
            SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
            done = true;
        }
    }

    private sealed class TenantIdHandler : SqlMapper.TypeHandler<TenantId>
    {
        public override TenantId Parse(object value) => new((Guid)value);
        public override void SetValue(IDbDataParameter parameter, TenantId value) => parameter.Value = value.Value;
    }

    private sealed class CurrencyHandler : SqlMapper.TypeHandler<Currency>
    {
        public override Currency Parse(object value) => Currency.Parse((string)value);
        public override void SetValue(IDbDataParameter parameter, Currency value) => parameter.Value = value.Code;
    }

    /// <summary>Npgsql gives timestamptz as a UTC DateTime and takes only offset 0.</summary>
    private sealed class UtcHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) =>
            value is DateTimeOffset exact ? exact : new(DateTime.SpecifyKind((DateTime)value, DateTimeKind.Utc));

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.UtcDateTime;
    }
}
