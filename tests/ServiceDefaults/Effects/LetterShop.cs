using Dapper;
using Empire.Data;
using Empire.Effects;
using Empire.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Tests.Effects;

/// <summary>
/// A database, a post office, and as many replicas of a service that sends letters as a test starts. Pauses are short; a call has time even on a machine that stands still for seconds,
/// since an unprotected act whose call is given up is held, whatever its provider would have said. Tests of silence give <see cref="Impatient"/> along.
/// </summary>
public sealed class LetterShop : IAsyncLifetime
{
    internal static readonly string[] QuickTimes =
    [
        "--Effects:Lease=00:00:30", "--Effects:CallTimeout=00:00:20", "--Effects:ProbeDelay=00:00:00.1", "--Effects:RetryDelay=00:00:00.01",
        "--Effects:PollEvery=00:00:00.02", "--Effects:MaxAttempts=20",
    ];

    /// <summary>Who never answers is given up soon.</summary>
    internal static readonly string[] Impatient = ["--Effects:CallTimeout=00:00:01"];

    private readonly List<TestSite> replicas = [];

    internal TestDatabase Test { get; private set; } = null!;
    internal PostOffice Office { get; private set; } = null!;
    internal Database Database => Test.Database;
    internal TenantId Tenant { get; } = TenantId.New(TimeProvider.System.GetUtcNow());

    public async ValueTask InitializeAsync()
    {
        Test = await TestDatabase.CreateAsync("shop", typeof(Letter).Assembly);
        Office = await PostOffice.OpenAsync();
        EffectKinds.Register<Letter>("test.letter"); // a test may plan before a replica runs
    }

    internal async Task<TestSite> StartReplicaAsync(params string[] settings)
    {
        var replica = await TestSite.StartAsync(app => app.MapEffects(), AddLetters, [$"--ConnectionStrings:shop={Test.ConnectionString}", .. QuickTimes, .. settings]);
        replicas.Add(replica);
        return replica;
    }

    internal void AddLetters(WebApplicationBuilder builder)
    {
        builder.AddDatabase("shop");
        builder.AddEffects();
        builder.Services.AddEffect<SendLetter, Letter>("test.letter");
        builder.Services.AddHttpClient<PostOfficeClient>(http => http.BaseAddress = Office.Address);
    }

    internal async Task<Refusal?> PlanAsync(Letter letter, TenantId? tenant = null, DateTimeOffset? due = null, params QuotaToken[] quotas)
    {
        await using var work = await Database.BeginAsync(tenant ?? Tenant, default);
        var refusal = await work.PlanAsync(new EffectPlan<Letter>(letter.Name, letter, due, quotas));
        await work.CommitAsync(default);
        return refusal;
    }

    /// <summary>What a process leaves behind that dies while performing: the row claimed, its lease run out, and the act done or not.</summary>
    /// <returns>The letters it had in hand.</returns>
    internal async Task<HashSet<string>> DieWhilePerformingAsync(int letters, bool afterActing)
    {
        var claims = await new EffectClaims(Database, TimeProvider.System).ClaimAsync(["test.letter"], letters, "doomed", TimeSpan.Zero, default);
        var doomed = claims.Select(claim => claim.Key).ToHashSet();
        if (!afterActing) return doomed;
        using var http = new HttpClient { BaseAddress = Office.Address, Timeout = TimeSpan.FromSeconds(1) };
        foreach (var claim in claims)
        {
            var letter = System.Text.Json.JsonSerializer.Deserialize<Letter>(claim.Intent, Empire.Messaging.EventJson.Options)!;
            try { await new PostOfficeClient(http).SendAsync(letter.Name, letter.Protection == Protection.Key ? claim.Key : null, default); }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException) { }
        }
        return doomed;
    }

    internal async Task<string> StateAsync(string letter)
    {
        await using var owner = await Test.OpenAsOwnerAsync();
        return await owner.QuerySingleAsync<string>("select state from kernel.effects where key = @letter", new { letter });
    }

    internal async Task<IReadOnlyDictionary<string, string>> StatesAsync()
    {
        await using var owner = await Test.OpenAsOwnerAsync();
        return (await owner.QueryAsync<(string Key, string State)>("select key, state from kernel.effects")).ToDictionary(row => row.Key, row => row.State);
    }

    internal Task SettledAsync(string letter, string state) => Eventually.EqualAsync(state, () => StateAsync(letter), TimeSpan.FromSeconds(60));

    internal async Task StopReplicasAsync()
    {
        foreach (var replica in replicas) await replica.DisposeAsync();
        replicas.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await StopReplicasAsync();
        await Office.DisposeAsync();
        await Test.DisposeAsync();
    }
}
