using System.Text.RegularExpressions;

namespace Empire.Tests.Data;

/// <summary>Of every service: the owner of the tables need be no superuser, and then forced row-level security shuts each account's rows from it. A migration that reads or writes rows lifts it first; otherwise it does nothing, or fails.</summary>
public sealed partial class MigrationFilesTests
{
    [Fact]
    public void A_migration_that_touches_accounts_rows_lifts_their_security_first()
    {
        var root = RepositoryRoot();
        string[] owners = [Path.Combine(root, "ServiceDefaults"), .. Directory.GetDirectories(Path.Combine(root, "services"))];
        var shut = owners.Select(owner => Path.Combine(owner, "Migrations")).Where(Directory.Exists).SelectMany(ShutOut).ToList();
        Assert.Empty(shut);
    }

    /// <returns>Each file and table of which a statement sees no row.</returns>
    private static IEnumerable<string> ShutOut(string folder)
    {
        var forced = new HashSet<string>();
        foreach (var file in Directory.GetFiles(folder, "*.sql").Order(StringComparer.Ordinal))
        {
            var lifted = new HashSet<string>();
            foreach (var statement in Comment().Replace(Body().Replace(File.ReadAllText(file), ""), "").Split(';')) // what functions do, they do as whoever calls them
            {
                if (Owned().Match(statement) is { Success: true } owned) forced.Add(owned.Groups["table"].Value);
                else if (Force().Match(statement) is { Success: true } force)
                {
                    if (force.Groups["no"].Success) lifted.Add(force.Groups["table"].Value);
                    else
                    {
                        forced.Add(force.Groups["table"].Value);
                        lifted.Remove(force.Groups["table"].Value);
                    }
                }
                else if (Rows().IsMatch(statement))
                    foreach (var table in Named().Matches(statement).Select(named => named.Groups["table"].Value).Distinct().Where(table => forced.Contains(table) && !lifted.Contains(table)))
                        yield return $"{file}: {table}";
            }
            foreach (var table in lifted.Where(table => !File.ReadAllText(file).Contains($"drop table {table}", StringComparison.Ordinal))) yield return $"{file}: {table} stays open";
        }
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Empire.sln"))) return folder.FullName;
        throw new InvalidOperationException("The tests run outside the repository.");
    }

    [GeneratedRegex(@"\$\$.*?\$\$", RegexOptions.Singleline)] private static partial Regex Body();
    [GeneratedRegex(@"--[^\n]*")] private static partial Regex Comment();
    [GeneratedRegex(@"tenant_owned\('(?<table>[^']+)'\)")] private static partial Regex Owned();
    [GeneratedRegex(@"alter table (?<table>\S+)\s+(?:.*?\s)??(?<no>no )?force row level security", RegexOptions.Singleline | RegexOptions.ExplicitCapture)] private static partial Regex Force();
    [GeneratedRegex(@"^\s*(insert|update|delete|merge|with|select(?! kernel\.))\b", RegexOptions.ExplicitCapture)] private static partial Regex Rows();
    [GeneratedRegex(@"\b(from|join|into|update|using)\s+(?<table>[a-z_.]+)", RegexOptions.ExplicitCapture)] private static partial Regex Named();
}
