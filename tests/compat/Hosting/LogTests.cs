namespace Aspire.Hosting.Tests;

public sealed class LogTests
{
    [Theory]
    [InlineData("""{"timestamp":"2026-01-01T00:00:00Z","level":"WARNING","message":"low stock","module":"Shop.Orders"}""", "warning", "Orders: low stock")]
    [InlineData("""{"LogLevel":"Critical","Category":"App","Message":"over","Exception":"Boom"}""", "error", "App: over\nBoom")]
    [InlineData("""{"just":"json"}""", "info", """{"just":"json"}""")]
    [InlineData("{not json", "info", "{not json")]
    [InlineData("2026-01-01 UTC [1] FATAL:  role does not exist", "error", "2026-01-01 UTC [1] FATAL:  role does not exist")]
    [InlineData("\e[33mwarn\e[0m: x", "warning", "warn: x")]
    [InlineData("errors: none", "info", "errors: none")]
    public void A_line_is_shown_as_a_person_reads_it(string line, string level, string text) => Assert.Equal(new LogText(level, text), LogText.Of(line));

    [Fact]
    public void A_file_is_changed_for_a_fresh_one_when_it_is_full_and_five_are_kept()
    {
        var folder = Directory.CreateTempSubdirectory("hosting-log-").FullName;
        var file = Path.Combine(folder, "a.log");
        var megabyte = new string('x', 1 << 20);
        using (var log = new ResourceLog("a", file, (_, _) => { }, TimeProvider.System))
            for (var i = 0; i < 70; i++) log.Write(megabyte);

        var files = Directory.GetFiles(folder).Select(f => Path.GetFileName(f)!).Order().ToArray();
        Assert.Equal(["a.log", "a.log.1", "a.log.2", "a.log.3", "a.log.4", "a.log.5"], files);
        Assert.All(Directory.GetFiles(folder), f => Assert.InRange(new FileInfo(f).Length, 1, ResourceLog.FileBytes + (2 << 20)));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Who_writes_goes_on_where_the_file_cannot_be_written_and_the_gap_is_told()
    {
        var folder = Directory.CreateTempSubdirectory("hosting-log-").FullName;
        var blocked = Path.Combine(folder, "blocked");
        File.WriteAllText(blocked, "");
        using (var log = new ResourceLog("a", Path.Combine(blocked, "a.log"), (_, _) => { }, TimeProvider.System))
        {
            log.Write("one");
            log.Write("two");
            File.Delete(blocked);
            log.Write("three");
            log.Write("four");
            Assert.Equal(["one", "two", "three", "four"], log.Since(0).Select(line => line.Text));
        }
        Assert.Equal(["2 lines are missing here: they could not be written.", "three", "four"], File.ReadAllLines(Path.Combine(blocked, "a.log")));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_last_thousand_lines_stay_in_memory()
    {
        var folder = Directory.CreateTempSubdirectory("hosting-log-").FullName;
        using (var log = new ResourceLog("a", Path.Combine(folder, "a.log"), (_, _) => { }, TimeProvider.System))
        {
            for (var i = 1; i <= 1500; i++) log.Write($"{i}");
            var kept = log.Since(0);
            Assert.Equal((1000, "501", "1500"), (kept.Count, kept[0].Text, kept[^1].Text));
            Assert.Equal(["1499", "1500"], log.Since(1498).Select(line => line.Text));
        }
        Directory.Delete(folder, recursive: true);
    }
}
