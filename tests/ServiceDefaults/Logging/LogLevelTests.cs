using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Empire.Tests.Logging;

/// <summary>What LOG_LEVEL lets through.</summary>
public sealed class LogLevelTests
{
    [Theory]
    [InlineData("INFO", "Empire.Shop", LogLevel.Information, true)]
    [InlineData("INFO", "Empire.Shop", LogLevel.Debug, false)]
    [InlineData("INFO", "Microsoft.AspNetCore.Routing", LogLevel.Information, false)]
    [InlineData("INFO", "Microsoft.AspNetCore.Routing", LogLevel.Warning, true)]
    [InlineData("DEBUG", "Microsoft.AspNetCore.Routing", LogLevel.Debug, true)]
    [InlineData("DEBUG", "Empire.Shop", LogLevel.Debug, true)]
    [InlineData("ERROR", "Microsoft.AspNetCore.Routing", LogLevel.Warning, false)]
    [InlineData("error", "Empire.Shop", LogLevel.Warning, false)]
    public async Task A_level_decides_what_is_written(string setting, string category, LogLevel level, bool written)
    {
        await using var site = await TestSite.StartAsync(_ => { }, null, $"--LOG_LEVEL={setting}");
        Assert.Equal(written, site.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category).IsEnabled(level));
    }
}
