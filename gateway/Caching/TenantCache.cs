using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Empire.Gateway.Authentication;
using Empire.Gateway.Requests;
using Empire.Gateway.Routing;
using Empire.Gateway.Shared;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Options;

namespace Empire.Gateway.Caching;

/// <summary>Keeps answers to the GETs of routes marked <c>Cached</c>, per account, until the account changes anything or the time is up. Each account has a generation that
/// is part of the key: a change moves it on, and an answer that was on its way meanwhile lands where nobody looks.</summary>
internal sealed class TenantCache : IOutputCachePolicy
{
    public const string Header = "X-Cache";

    private static readonly Meter Meter = new("Empire.Gateway.Cache");
    private static readonly Counter<long> Hits = Meter.CreateCounter<long>("gateway_cache_hits");
    private static readonly Counter<long> Misses = Meter.CreateCounter<long>("gateway_cache_misses");

    /// <summary>A request of which nothing more is heard may still be at work in its service: as long as the most patient of ours is waited for, and a little longer.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);
    private const string Unsettled = "unsettled";

    private readonly ConcurrentDictionary<Guid, long> generations = new();
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> unsettled = new();   // until when
    private readonly string me = $"{Guid.CreateVersion7():N}";
    private readonly SharedState shared;
    private readonly TimeProvider clock;
    private readonly TimeSpan kept, longest;
    private long everyone;

    public TenantCache(SharedState shared, IOptions<GatewayOptions> options, TimeProvider clock)
    {
        (this.shared, this.clock, kept) = (shared, clock, TimeSpan.FromSeconds(options.Value.CacheSeconds));
        var patience = TimeSpan.FromSeconds(options.Value.RequestTimeoutSeconds);
        longest = (patience > RoutingExtensions.SlowPatience ? patience : RoutingExtensions.SlowPatience) + Margin;
        shared.Listen(SharedState.Names.Changed, message =>
        {
            // What this instance said itself it did at once; done again later, it would drop what was kept since.
            if (message.Split(' ') is not [var account, var instance, .. var how] || instance == me || !Guid.TryParse(account, out var tenant)) return;
            if (how is [Unsettled]) Unsettle(tenant);
            else Forget(tenant);
        }, back: () => Interlocked.Increment(ref everyone));   // changes elsewhere went unheard
    }

    /// <summary>The account has changed something: here at once, elsewhere as soon as Redis says so.</summary>
    public async ValueTask ChangedAsync(Guid tenant)
    {
        Forget(tenant);
        await shared.TellAsync(SharedState.Names.Changed, $"{tenant} {me}");
    }

    /// <summary>A change of the account's was given up, by us or by its client, and its service may make it later, when nobody hears of it: nothing is kept of the account until that is over.</summary>
    public async ValueTask UnsettledAsync(Guid tenant)
    {
        Unsettle(tenant);
        await shared.TellAsync(SharedState.Names.Changed, $"{tenant} {me} {Unsettled}");
    }

    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var http = context.HttpContext;
        var visit = Visit.Of(http);
        var hot = kept > TimeSpan.Zero && visit is { Route.Cached: true, Identity: not null } && HttpMethods.IsGet(http.Request.Method);   // an answer to HEAD has no body to keep
        context.EnableOutputCaching = context.AllowCacheLookup = context.AllowCacheStorage = context.AllowLocking = hot && IsSettled(visit.Identity!.Caller.Tenant.Value);
        if (!hot) return ValueTask.CompletedTask;
        context.ResponseExpirationTimeSpan = kept;
        context.CacheVaryByRules.QueryKeys = "*";
        context.CacheVaryByRules.VaryByValues["who"] = KeyOf(visit.Identity!);
        // While the answer starts: set before, it would be kept with the answer.
        http.Response.OnStarting(static state =>
        {
            var http = (HttpContext)state;
            var hit = http.Items.ContainsKey(Header);
            (hit ? Hits : Misses).Add(1);
            http.Response.Headers[Header] = hit ? "hit" : "miss";
            return Task.CompletedTask;
        }, http);
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        context.HttpContext.Items[Header] = true;
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var response = context.HttpContext.Response;
        if (response.StatusCode != StatusCodes.Status200OK || response.Headers.SetCookie.Count > 0) context.AllowCacheStorage = false;
        return ValueTask.CompletedTask;
    }

    /// <summary>Roles see different things of one account.</summary>
    private string KeyOf(SignedIdentity identity) =>
        $"{identity.Caller.Tenant.Value:N}|{identity.Caller.Role}|{identity.Caller.Operator}|{generations.GetValueOrDefault(identity.Caller.Tenant.Value)}|{Volatile.Read(ref everyone)}";

    private void Unsettle(Guid tenant)
    {
        var now = clock.GetUtcNow();
        foreach (var (account, until) in unsettled)
            if (until <= now) unsettled.TryRemove(account, out _);
        unsettled[tenant] = now + longest;
        Forget(tenant);
    }

    private bool IsSettled(Guid tenant) => !unsettled.TryGetValue(tenant, out var until) || until <= clock.GetUtcNow();

    private void Forget(Guid tenant) => generations.AddOrUpdate(tenant, 1, static (_, generation) => generation + 1);
}
