using System.Text.RegularExpressions;

namespace Empire.Tests;

/// <summary>The page of controls names tests that exist: evidence that was renamed or deleted is no evidence.</summary>
public sealed partial class ControlsTests
{
    [Fact]
    public void Every_control_names_tests_that_exist()
    {
        var root = RepositoryRoot();
        var page = File.ReadAllText(Path.Combine(root, "docs", "controls.md"));
        var named = TestName().Matches(page).Select(match => (Class: match.Groups["class"].Value, Method: match.Groups["method"].Value)).Distinct().ToList();
        Assert.True(named.Count > 30, "The page was not read.");
        var tests = Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText).ToList();
        var missing = named.Where(test => !tests.Exists(file => file.Contains($"class {test.Class}", StringComparison.Ordinal) && file.Contains($" {test.Method}(", StringComparison.Ordinal)));
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_control_has_a_test()
    {
        var rows = File.ReadLines(Path.Combine(RepositoryRoot(), "docs", "controls.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToList();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Matches(TestName(), row));
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Empire.sln"))) return folder.FullName;
        throw new InvalidOperationException("The tests run outside the repository.");
    }

    [GeneratedRegex(@"`(?<class>[A-Za-z]+Tests)\.(?<method>\w+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex TestName();
}
