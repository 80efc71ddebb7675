using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Empire.Data;

/// <summary>The three ways into one database: the owner migrates, <c>{name}_app</c> serves one tenant at a time, <c>{name}_system</c> runs the
/// workers. The runtime passwords follow from the owner's, so that every replica knows them and none is stored.</summary>
public sealed record DatabaseRoles(string Name, string Owner, string App, string System, string AppRole, string SystemRole)
{
    public const int DefaultPoolSize = 10;
    private const int Overflow = 20;

    /// <param name="name">The service, and the stem of its roles.</param>
    /// <param name="ownerConnectionString">With the right to create roles and tables; its own <c>Maximum Pool Size</c> wins over <paramref name="poolSize"/>.</param>
    /// <param name="poolSize">Connections of a runtime role in ordinary times; twenty more may come in a rush.</param>
    public static DatabaseRoles From(string name, string ownerConnectionString, int poolSize = DefaultPoolSize)
    {
        var owner = new NpgsqlConnectionStringBuilder(ownerConnectionString);
        var (appRole, systemRole) = ($"{name}_app", $"{name}_system");
        return new(name, Pooled(owner, owner.Username!, owner.Password, 4), As(owner, appRole, poolSize), As(owner, systemRole, poolSize), appRole, systemRole);
    }

    internal static string PasswordOf(string role, string? ownerPassword) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(ownerPassword ?? ""), Encoding.UTF8.GetBytes("empire role " + role)));

    private static string As(NpgsqlConnectionStringBuilder owner, string role, int poolSize) => Pooled(owner, role, PasswordOf(role, owner.Password), poolSize + Overflow);

    private static string Pooled(NpgsqlConnectionStringBuilder owner, string user, string? password, int connections)
    {
        var builder = new NpgsqlConnectionStringBuilder(owner.ConnectionString)
        {
            Username = user,
            Password = password,
            ApplicationName = user,
            MaxAutoPrepare = 50,
            Timezone = "UTC", // whatever the server's is: a moment cast to a day is one of ours
        };
        if (!owner.ContainsKey("Maximum Pool Size")) builder.MaxPoolSize = connections;
        return builder.ConnectionString;
    }
}
