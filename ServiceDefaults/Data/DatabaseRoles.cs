using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Empire.Data;

/// <summary>The three ways into one database: the owner migrates, <c>{name}_app</c> serves one tenant at a time, <c>{name}_system</c> runs the
/// workers. The runtime passwords follow from the owner's, so that every replica knows them and none is stored.</summary>
public sealed record DatabaseRoles(string Name, string Owner, string App, string System, string AppRole, string SystemRole)
{
    /// <param name="name">The service, and the stem of its roles.</param>
    /// <param name="ownerConnectionString">With the right to create roles and tables.</param>
    public static DatabaseRoles From(string name, string ownerConnectionString)
    {
        var owner = new NpgsqlConnectionStringBuilder(ownerConnectionString);
        var (appRole, systemRole) = ($"{name}_app", $"{name}_system");
        return new(name, Pooled(owner, owner.Username!, owner.Password, 4), As(owner, appRole), As(owner, systemRole), appRole, systemRole);
    }

    internal static string PasswordOf(string role, string? ownerPassword) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(ownerPassword ?? ""), Encoding.UTF8.GetBytes("empire role " + role)));

    private static string As(NpgsqlConnectionStringBuilder owner, string role) => Pooled(owner, role, PasswordOf(role, owner.Password), 30);

    private static string Pooled(NpgsqlConnectionStringBuilder owner, string user, string? password, int connections)
    {
        var builder = new NpgsqlConnectionStringBuilder(owner.ConnectionString)
        {
            Username = user,
            Password = password,
            ApplicationName = user,
            MaxAutoPrepare = 50,
        };
        if (!owner.ContainsKey("Maximum Pool Size")) builder.MaxPoolSize = connections; // 10 + 20 overflow, as the pool of one service
        return builder.ConnectionString;
    }
}
