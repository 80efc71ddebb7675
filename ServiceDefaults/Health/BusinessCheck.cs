using Microsoft.Extensions.DependencyInjection;

namespace Empire.Health
{
    /// <summary>A fact that proves the business works, not only the process: "a post was published within 24 hours".</summary>
    /// <param name="Name">snake_case: <c>last_publication</c>.</param>
    /// <param name="Within">How old the newest such fact may be.</param>
    /// <param name="LastAsync">When it last happened; null where it never has.</param>
    /// <param name="OnceBegun">It need not ever happen; only where it has, it should go on.</param>
    internal sealed record BusinessCheck(string Name, TimeSpan Within, Func<IServiceProvider, CancellationToken, Task<DateTimeOffset?>> LastAsync, bool OnceBegun);
}

namespace Empire
{
    public static class BusinessCheckExtensions
    {
        /// <summary>Adds a line to <c>/health/business</c>: healthy while <paramref name="lastAsync"/> is no older than <paramref name="within"/>. A service that was
        /// just started has that long to do it for the first time.</summary>
        /// <param name="name">snake_case, of what must have completed: <c>last_publication</c>.</param>
        /// <param name="lastAsync">When it last completed, over all tenants; null where it never has.</param>
        /// <param name="onceBegun">True for what not every business does: that it never happened is no fault then.</param>
        public static IServiceCollection AddBusinessCheck(
            this IServiceCollection services, string name, TimeSpan within, Func<IServiceProvider, CancellationToken, Task<DateTimeOffset?>> lastAsync, bool onceBegun = false) =>
            services.AddSingleton(new Health.BusinessCheck(name, within, lastAsync, onceBegun));
    }
}
