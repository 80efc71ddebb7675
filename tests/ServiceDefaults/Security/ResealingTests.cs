using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Empire.Hosting;
using Empire.Security;
using Empire.Shop;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Empire.Tests.Security;

public sealed class ResealingTests : IAsyncLifetime
{
    private static readonly byte[] Old = RandomNumberGenerator.GetBytes(32), New = RandomNumberGenerator.GetBytes(32);
    private static readonly SealedColumn Notes = new("notes", "id", "text", PurposeOf, KeyColumn: null);
    private static readonly TenantId Ada = new(Guid.CreateVersion7()), Bob = new(Guid.CreateVersion7());

    private TestDatabase test = null!;

    public async ValueTask InitializeAsync() => test = await TestDatabase.CreateAsync("shop", typeof(ShopService).Assembly);
    public ValueTask DisposeAsync() => test.DisposeAsync();

    [Fact]
    public async Task What_an_older_key_sealed_is_under_the_newest_one_afterwards_whosever_it_is()
    {
        var (before, rotated) = (new Sealer([Old]), new Sealer([New, Old]));
        List<Guid> notes = [];
        for (var n = 0; n < 250; n++) notes.Add(await KeepAsync(n % 2 == 0 ? Ada : Bob, before)); // more than two batches
        notes.Add(await KeepAsync(Ada, rotated));
        var resealing = Of(rotated);
        Assert.Null(resealing.Counted);
        Assert.True(await resealing.TurnAsync(default));
        Assert.Equal(new KeyUse("notes.text", rotated.KeyId, 251, KeyUse.Newest), Assert.Single(resealing.Counted!));
        var after = new Sealer([New]);
        foreach (var note in notes) Assert.Equal($"secret of {note}", after.Open(await TextAsync(note), PurposeOf(note))); // without the old key
    }

    [Fact]
    public async Task A_value_of_a_key_that_is_not_listed_stays_as_it_is_and_is_counted_until_the_key_is_back()
    {
        var (before, without) = (new Sealer([Old]), new Sealer([New]));
        var note = await KeepAsync(Ada, before);
        var text = await TextAsync(note);
        var resealing = Of(without);
        Assert.True(await resealing.TurnAsync(default));
        Assert.Equal(new KeyUse("notes.text", before.KeyId, 1, KeyUse.Unlisted), Assert.Single(resealing.Counted!));
        Assert.Equal(text, await TextAsync(note));
        Assert.True(await Of(new Sealer([New, Old])).TurnAsync(default));
        Assert.Equal($"secret of {note}", without.Open(await TextAsync(note), PurposeOf(note)));
    }

    [Fact]
    public async Task A_damaged_value_holds_up_no_other()
    {
        var (before, rotated) = (new Sealer([Old]), new Sealer([New, Old]));
        var (moved, whole) = (await KeepAsync(Ada, before), await KeepAsync(Ada, before));
        await using (var owner = await test.OpenAsOwnerAsync())
            await owner.ExecuteAsync("update notes set text = @text where id = @moved", new { text = before.Seal("of another row", PurposeOf(whole)), moved });
        var resealing = Of(rotated);
        Assert.True(await resealing.TurnAsync(default)); // there is no use in coming back soon
        Assert.Equal([new("notes.text", before.KeyId, 1, KeyUse.Older), new("notes.text", rotated.KeyId, 1, KeyUse.Newest)], resealing.Counted!.OrderBy(use => use.State == KeyUse.Newest));
        Assert.Equal($"secret of {whole}", new Sealer([New]).Open(await TextAsync(whole), PurposeOf(whole)));
    }

    [Fact]
    public async Task A_row_that_is_somebodys_at_the_moment_is_left_for_another_turn_soon()
    {
        var (before, rotated) = (new Sealer([Old]), new Sealer([New, Old]));
        var (busy, idle) = (await KeepAsync(Ada, before), await KeepAsync(Ada, before));
        var resealing = Of(rotated);
        await using (var work = await test.Database.BeginAsync(Ada, default))
        {
            await work.QuerySingleAsync<Guid>("select id from notes where id = @busy for update", new { busy });
            Assert.False(await resealing.TurnAsync(default)); // waits for nobody
            Assert.Equal($"secret of {idle}", new Sealer([New]).Open(await TextAsync(idle), PurposeOf(idle)));
        }
        Assert.True(await resealing.TurnAsync(default));
        Assert.Equal($"secret of {busy}", new Sealer([New]).Open(await TextAsync(busy), PurposeOf(busy)));
    }

    [Fact]
    public async Task Nothing_is_sealed_anew_while_a_replica_lives_that_could_not_open_it_and_health_says_how_many_there_are()
    {
        var note = await KeepAsync(Ada, new Sealer([Old]));
        var before = await TextAsync(note);
        var behind = await ReplicaAsync(Old);
        var name = behind.Services.GetRequiredService<ThisService>().Instance;
        await using var ahead = await ReplicaAsync(New, Old);
        await using (behind)
        {
            Assert.False(await ahead.Services.GetRequiredService<Resealing>().TurnAsync(default));
            var said = await SealedValuesAsync(ahead);
            Assert.EndsWith("do not list that key: 1.", said, StringComparison.Ordinal);
            Assert.DoesNotContain(Environment.MachineName, said, StringComparison.Ordinal); // the gateway tells it to anybody
            Assert.Equal(before, await TextAsync(note));
        }
        Assert.DoesNotContain(name, await ListedAsync()); // it said that it goes
        await using var followed = await ReplicaAsync(Old, New); // has it, and seals with it not yet
        Assert.Equal(2, (await ListedAsync()).Count);
        Assert.True(await ahead.Services.GetRequiredService<Resealing>().TurnAsync(default));
        Assert.Null(await SealedValuesAsync(ahead));
        Assert.Equal($"secret of {note}", followed.Services.GetRequiredService<Sealer>().Open(await TextAsync(note), PurposeOf(note)));
    }

    [Fact]
    public async Task A_replica_that_has_said_nothing_for_a_minute_is_waited_for_no_longer()
    {
        var (before, rotated) = (new Sealer([Old]), new Sealer([New, Old]));
        var note = await KeepAsync(Ada, before);
        await using (var owner = await test.OpenAsOwnerAsync())
            await owner.ExecuteAsync("insert into kernel.listed_keys (replica, key_ids, told_at) values ('crashed', @KeyIds, now() - interval '50 seconds')", new { before.KeyIds });
        var resealing = Of(rotated);
        Assert.False(await resealing.TurnAsync(default));
        Assert.Equal("crashed", Assert.Single(resealing.WaitsFor));
        await using (var owner = await test.OpenAsOwnerAsync()) await owner.ExecuteAsync("update kernel.listed_keys set told_at = now() - interval '61 seconds'");
        Assert.True(await resealing.TurnAsync(default));
        Assert.Empty(resealing.WaitsFor);
        Assert.Equal($"secret of {note}", new Sealer([New]).Open(await TextAsync(note), PurposeOf(note)));
    }

    private Task<TestSite> ReplicaAsync(params byte[][] keys) => TestSite.StartAsync(_ => { }, builder =>
    {
        builder.AddDatabase("shop");
        builder.AddSealer();
        builder.Services.AddSealedColumn("notes", "id", "text", PurposeOf);
    }, $"--ConnectionStrings:shop={test.ConnectionString}", $"--Empire:EncryptionKeys={string.Join(',', keys.Select(Convert.ToBase64String))}");

    private async Task<IReadOnlyList<string>> ListedAsync()
    {
        await using var owner = await test.OpenAsOwnerAsync();
        return [.. await owner.QueryAsync<string>("select replica from kernel.listed_keys")];
    }

    /// <returns>Null when all is well.</returns>
    private static async Task<string?> SealedValuesAsync(TestSite replica)
    {
        using var client = replica.Anonymous();
        var check = (await client.GetFromJsonAsync<JsonElement>("/health/ready")).GetProperty("checks").GetProperty("sealed_values");
        return check.TryGetProperty("reason", out var reason) ? reason.GetString() : null;
    }

    private Resealing Of(Sealer sealer) => new(test.Database, sealer, [Notes], NullLogger<Resealing>.Instance);

    private static string PurposeOf(Guid note) => $"note:{note:N}";

    private async Task<Guid> KeepAsync(TenantId tenant, Sealer sealer)
    {
        var id = Guid.CreateVersion7();
        await using var work = await test.Database.BeginAsync(tenant, default);
        await work.ExecuteAsync("insert into notes (id, tenant_id, text) values (@id, @Tenant, @text)", new { id, work.Tenant, text = sealer.Seal($"secret of {id}", PurposeOf(id)) });
        await work.CommitAsync(default);
        return id;
    }

    private async Task<string> TextAsync(Guid note)
    {
        await using var owner = await test.OpenAsOwnerAsync();
        return await owner.QuerySingleAsync<string>("select text from notes where id = @note", new { note });
    }
}
