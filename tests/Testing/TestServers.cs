namespace Empire.Testing;

/// <summary>The real servers that tests run against. <c>./empire test</c> starts private ones and sets these variables; in development they may
/// point at servers that run already.</summary>
public static class TestServers
{
    /// <summary>Npgsql connection string of a superuser: tests create databases and roles.</summary>
    public static string Postgres => Required("EMPIRE_TEST_POSTGRES");

    /// <summary><c>host:port</c>.</summary>
    public static string Redis => Required("EMPIRE_TEST_REDIS");

    /// <summary><c>amqp://user:password@host:port</c>.</summary>
    public static string RabbitMq => Required("EMPIRE_TEST_RABBITMQ");

    /// <summary>The key under which tests sign callers; it protects nothing.</summary>
    public static string InternalKey { get; } = Convert.ToBase64String("the key of tests protects nothing"u8);

    private static string Required(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"{variable} is not set. Run the tests with ./empire test, which starts the servers they need.");
}
