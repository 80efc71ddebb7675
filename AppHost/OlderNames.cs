using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Empire.AppHost;

/// <summary>Settings under the names that the founding documents print: each stands for one of ours, unless that is set too.</summary>
internal static class OlderNames
{
    /// <summary>A file of one program's own: here that is the private server which runs where none is given.</summary>
    private const string Sqlite = "sqlite:";
    private const string PublicUrl = "EMPIRE_PUBLIC_URL", Postgres = "ConnectionStrings:postgres", Redis = "ConnectionStrings:redis";

    /// <exception cref="DistributedApplicationException">An address that cannot be read; what is wrong with it is said, and not the address, which may hold a password.</exception>
    public static void Adopt(IConfiguration configuration)
    {
        Take("BASE_URL", PublicUrl, text => AddressIn("BASE_URL", text, "https://shop.example.com", "http", "https").GetLeftPart(UriPartial.Authority));
        Take("DATABASE_URL", Postgres, text => PostgresAt(AddressIn("DATABASE_URL", text, "postgresql://user:password@host:5432/database", "postgres", "postgresql")));
        Take("REDIS_URL", Redis, text => RedisAt(AddressIn("REDIS_URL", text, "redis://:password@host:6379", "redis", "rediss")));

        void Take(string older, string ours, Func<string, string> translate)
        {
            if (configuration[older] is { Length: > 0 } text && !text.StartsWith(Sqlite, StringComparison.OrdinalIgnoreCase) && string.IsNullOrEmpty(configuration[ours])) configuration[ours] = translate(text);
        }
    }

    private static Uri AddressIn(string name, string text, string wanted, params string[] schemes) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && schemes.Contains(address.Scheme) && address.Host.Length > 0
            ? address
            : throw new DistributedApplicationException($"{name} is no address that can be used here; wanted: {wanted}. Leave it out to have a server of the installation's own.");

    /// <summary>The database that it names is only where the account logs in: every service makes one of its own beside it.</summary>
    private static string PostgresAt(Uri address)
    {
        var (user, password) = LoginIn(address);
        var database = Uri.UnescapeDataString(address.AbsolutePath.Trim('/'));
        var server = new NpgsqlConnectionStringBuilder { Host = address.Host, Port = address.Port > 0 ? address.Port : 5432, Username = user, Password = password, Database = database.Length > 0 ? database : "postgres" };
        if (QueryOf(address, "sslmode") is { } mode)
            server.SslMode = Enum.TryParse<SslMode>(mode.Replace("-", ""), ignoreCase: true, out var known) ? known : throw new DistributedApplicationException($"DATABASE_URL has sslmode={mode}; wanted: disable, allow, prefer, require, verify-ca or verify-full.");
        return server.ConnectionString;
    }

    private static string RedisAt(Uri address)
    {
        var (_, password) = LoginIn(address);
        return $"{address.Host}:{(address.Port > 0 ? address.Port : 6379)}{(password is null ? "" : $",password={password}")}{(address.Scheme == "rediss" ? ",ssl=true" : "")}";
    }

    private static (string? User, string? Password) LoginIn(Uri address)
    {
        var parts = address.UserInfo.Split(':', 2);
        return (parts[0].Length > 0 ? Uri.UnescapeDataString(parts[0]) : null, parts.Length > 1 && parts[1].Length > 0 ? Uri.UnescapeDataString(parts[1]) : null);
    }

    private static string? QueryOf(Uri address, string name) =>
        address.Query.TrimStart('?').Split('&').Select(pair => pair.Split('=', 2)).FirstOrDefault(pair => pair is [var key, _] && key == name)?[1];
}
