namespace Aspire.Hosting.Local;

/// <summary>Generated values that must stay the same over restarts, in <c>secrets.json</c>, readable by its owner only.</summary>
internal sealed class SecretFile(string file)
{
    private static readonly Lock Gate = new();

    public static SecretFile In(IDistributedApplicationBuilder builder) =>
        new(Path.Combine(HomeFolder.PathFor(builder.Configuration, builder.AppHostDirectory), "secrets.json"));

    public string GetOrAdd(string key, Func<string> generate)
    {
        lock (Gate)
        {
            var secrets = HomeFolder.Read<SortedDictionary<string, string>>(file) ?? [];
            if (secrets.TryGetValue(key, out var known)) return known;
            var generated = secrets[key] = generate();
            HomeFolder.Write(file, secrets, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return generated;
        }
    }
}
