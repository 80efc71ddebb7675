using Dapper;
using Empire.ClosedAccounts;
using Empire.Contracts;
using Empire.Effects;

namespace Empire.Tests.Effects;

public sealed class ClosedAccountTests(LetterShop shop) : IClassFixture<LetterShop>
{
    private sealed class Standing : AccountStandingHandler;

    [Fact]
    public async Task For_a_closed_account_nothing_is_begun_and_what_was_due_meanwhile_waits_for_a_person()
    {
        var now = TimeProvider.System.GetUtcNow();
        var account = TenantId.New(now);
        await HearAsync(account, new AccountClosed { TenantId = account.Value, Erased = false, OccurredAt = now });
        await HearAsync(account, new AccountOpened { TenantId = account.Value, OccurredAt = now.AddSeconds(-1) }); // of before, and late
        await shop.PlanAsync(new("closed-due", Protection.None), account);
        await shop.PlanAsync(new("closed-later", Protection.None), account, due: now.AddDays(1));
        await shop.PlanAsync(new("open", Protection.Key));
        await shop.StartReplicaAsync();
        await shop.SettledAsync("open", "succeeded");
        await shop.PlanAsync(new("open-2", Protection.Key));
        await shop.SettledAsync("open-2", "succeeded"); // another turn has been
        Assert.Equal(("planned", 0), (await shop.StateAsync("closed-due"), shop.Office.Arrived("closed-due")));

        var opened = TimeProvider.System.GetUtcNow();
        await shop.PlanAsync(new("open-again", Protection.Key), account); // before the word of it is heard here
        await HearAsync(account, new AccountOpened { TenantId = account.Value, OccurredAt = opened });
        Assert.Equal(("held", "planned"), (await shop.StateAsync("closed-due"), await shop.StateAsync("closed-later")));
        await shop.SettledAsync("open-again", "succeeded");
        await shop.PlanAsync(new("reopened", Protection.Key), account);
        await shop.SettledAsync("reopened", "succeeded");
        await shop.StopReplicasAsync();
    }

    [Fact]
    public async Task Of_an_erased_account_what_nobody_has_begun_is_withdrawn()
    {
        var now = TimeProvider.System.GetUtcNow();
        var account = TenantId.New(now);
        await shop.PlanAsync(new("never", Protection.None), account, due: now.AddDays(1));
        await HearAsync(account, new AccountClosed { TenantId = account.Value, Erased = false, OccurredAt = now });
        Assert.Equal("planned", await shop.StateAsync("never"));
        await HearAsync(account, new AccountClosed { TenantId = account.Value, Erased = true, OccurredAt = now.AddSeconds(1) });
        Assert.Equal("cancelled", await shop.StateAsync("never"));
    }

    /// <summary>A try that surely did nothing leaves it planned: nobody would take it again, and an erasure that waits for it would wait for ever.</summary>
    [Fact]
    public async Task Of_an_erased_account_what_was_tried_and_did_not_happen_is_withdrawn_too()
    {
        var now = TimeProvider.System.GetUtcNow();
        var account = TenantId.New(now);
        await shop.PlanAsync(new("in-hand", Protection.LookUp), account, quotas: new QuotaToken("letters", "today", 1, 1));
        Assert.Contains("in-hand", await shop.DieWhilePerformingAsync(10, afterActing: false));
        await shop.PlanAsync(new("tried", Protection.None), account, due: now.AddDays(1));
        await using (var owner = await shop.Test.OpenAsOwnerAsync()) await owner.ExecuteAsync("update kernel.effects set attempts = 1 where key = 'tried'");
        await HearAsync(account, new AccountClosed { TenantId = account.Value, Erased = true, OccurredAt = now });
        Assert.Equal(("cancelled", "running"), (await shop.StateAsync("tried"), await shop.StateAsync("in-hand")));
        await shop.StartReplicaAsync();
        await shop.SettledAsync("in-hand", "cancelled");
        await shop.StopReplicasAsync();
        Assert.Null(await shop.PlanAsync(new("room", Protection.None), account, now.AddDays(1), new QuotaToken("letters", "today", 1, 1)));
        Assert.Equal(0, shop.Office.Arrived("in-hand"));
    }

    /// <summary>A work that began before the erasure commits its plan behind it.</summary>
    [Fact]
    public async Task For_an_erased_account_what_is_planned_too_late_is_withdrawn_and_takes_no_place()
    {
        var now = TimeProvider.System.GetUtcNow();
        var account = TenantId.New(now);
        await HearAsync(account, new AccountClosed { TenantId = account.Value, Erased = true, OccurredAt = now });
        await shop.PlanAsync(new("too-late", Protection.None), account, due: now.AddDays(1), new QuotaToken("letters", "today", 1, 1));
        await shop.StartReplicaAsync();
        await shop.SettledAsync("too-late", "cancelled");
        await shop.StopReplicasAsync();
        Assert.Null(await shop.PlanAsync(new("in-its-place", Protection.None), account, now.AddDays(1), new QuotaToken("letters", "today", 1, 1)));
    }

    private async Task HearAsync(TenantId account, object fact)
    {
        await using var work = await shop.Database.BeginAsync(account, default);
        await (fact is AccountClosed closed ? new Standing().HandleAsync(closed, work, default) : new Standing().HandleAsync((AccountOpened)fact, work, default));
        await work.CommitAsync(default);
    }
}
