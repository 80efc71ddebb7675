using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Empire.Tests;

/// <summary>No secret is in version control: nothing in a tracked file looks like a key of those whose keys are used here, but keys that were plainly made up.</summary>
public sealed partial class SecretScanTests
{
    [Fact]
    public async Task No_tracked_file_holds_a_secret()
    {
        var root = RepositoryRoot();
        if (!Path.Exists(Path.Combine(root, ".git"))) Assert.Skip("This is no checkout of the repository, so nothing tells which files are tracked.");
        var tracked = await TrackedAsync(root);
        Assert.True(tracked.Length > 500, $"Only {tracked.Length} files are tracked?");
        List<string> found = [];
        foreach (var file in tracked.Where(file => File.Exists(Path.Combine(root, file)) && !file.EndsWith("packages.lock.json", StringComparison.Ordinal)))
            found.AddRange(SecretsIn(await File.ReadAllTextAsync(Path.Combine(root, file))).Select(secret => $"{file}: {secret[..Math.Min(secret.Length, 12)]}…"));
        Assert.Empty(found);
    }

    [Theory, MemberData(nameof(Real))]
    public void A_real_one_would_be_found(string prefix, string random) => Assert.Single(SecretsIn($"key = \"{prefix}{random}\""));

    [Theory, InlineData("gopt_", "benchmarkbenchmarkbenchm"), InlineData("shpat_", "0123456789abcdef0123456789abcdef"), InlineData("gopt_", "000000000000000000000000")]
    public void A_made_up_one_is_none(string prefix, string text) => Assert.Empty(SecretsIn($"key = \"{prefix}{text}\""));

    /// <summary>In two parts, so that this file holds none.</summary>
    public static TheoryData<string, string> Real => new()
    {
        { "sk_live_", "4eC39HqLyjWDarjtT1zdp7dc" }, { "gopt_", "k3JqP0vZtYb7WmX2sRnD9cLf" }, { "AKIA", "Q7ZP2MWX4RTB9KHD" }, { "ghp_", "a9Kd82LmQx0Zr71TbNc5VwYe36UhJgPo4sXi" },
        { "SG.", "q8Zk2LxTn0VbY7mRw3Pd5A.f1Jc9Xs4Hg6Ue2Bt8Qo0Kv7Ly3Nz5Mw1Ra9Dp4Ci6EI" }, { "-----BEGIN RSA ", "PRIVATE KEY-----" },
    };

    private static IEnumerable<string> SecretsIn(string text) => Secret().Matches(text).Where(match => match.Groups["random"] is not { Success: true } random || !IsMadeUp(random.Value)).Select(match => match.Value);

    /// <summary>People write words, repeat them and count up; a generator does none of that.</summary>
    private static bool IsMadeUp(string random) =>
        random.Count(char.IsAsciiDigit) < 2 || random.Distinct().Count() < 6 || random.Zip(random.Skip(1)).Count(pair => pair.Second - pair.First == 1) >= random.Length / 3
        || Enumerable.Range(0, Math.Max(0, random.Length - 3)).Select(at => random.Substring(at, 4)).GroupBy(part => part, StringComparer.Ordinal).Any(part => part.Count() > 1);

    private static async Task<string[]> TrackedAsync(string root)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-c", "safe.directory=*", "-C", root, "ls-files", "-z"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var listed = await git.StandardOutput.ReadToEndAsync();
        await git.WaitForExitAsync();
        Assert.Equal(0, git.ExitCode);
        return listed.Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Empire.sln"))) return folder.FullName;
        throw new InvalidOperationException("The tests run outside the repository.");
    }

    [GeneratedRegex(
        @"(?:[sr]k_live_|whsec_|gopt_|shpat_|gh[pousr]_|glpat-|xox[baprs]-|AKIA|AIza|SG\.|FLWSECK-|sk-(?:proj-|ant-|or-)?)(?<random>[A-Za-z0-9+/_-]{16,}(?:\.[A-Za-z0-9_-]{20,})?)|-----BEGIN [A-Z ]*PRIVATE KEY-----",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Secret();
}
