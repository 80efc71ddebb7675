using System.Net;
using Empire.Contracts;
using Empire.Data;
using Empire.Effects;
using Empire.Publishing.Publications;
using Empire.Publishing.Social;
using Grpc.Core;

namespace Empire.Publishing.X;

/// <summary>Posts once. X has no idempotency key, so an attempt whose answer was lost is looked for among the account's own posts.</summary>
public sealed class PostToXHandler(XClient x, [FromKeyedServices(XSetup.Provider)] XOptions options, XAccess access, OperatorAccount installation, Database db, TimeProvider clock)
    : EffectHandler<PostToX>
{
    /// <summary>Our clock and X's may differ; a post is looked for from so long before the first attempt.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan IdentityReturns = TimeSpan.FromSeconds(10);

    public override async Task<EffectOutcome> PerformAsync(EffectAttempt<PostToX> attempt, CancellationToken ct)
    {
        try
        {
            if (await RefusedAsync(attempt, ct) is { } reason) return new EffectOutcome.Refused(reason);
            return new EffectOutcome.Done((await x.CreatePostAsync(attempt.Intent.Text, ct)).Id);
        }
        catch (RpcException) // identity is away, and nothing was sent
        {
            return new EffectOutcome.NotDone(IdentityReturns);
        }
        catch (XException e) when (e.Status == HttpStatusCode.TooManyRequests)
        {
            return new EffectOutcome.NotDone(e.WaitFrom(clock.GetUtcNow()));
        }
        catch (XException e) when (e.IsDuplicate)
        {
            // Ours, if an earlier attempt got through unseen; else somebody posted the same words before.
            return await FindAsync(attempt, ct) is { } ours ? new EffectOutcome.Done(ours.Id)
                : attempt.Number > 1 ? new EffectOutcome.CannotTell(e.Message) : new EffectOutcome.Refused(e.Words);
        }
        catch (XException e) when (e.IsRefusal)
        {
            return new EffectOutcome.Refused(e.StopsAccount ? XAccountTable.StoppedPrefix + e.Words : e.Words);
        }
    }

    public override async Task<EffectOutcome> ProbeAsync(EffectAttempt<PostToX> attempt, CancellationToken ct) =>
        await FindAsync(attempt, ct) is { } ours ? new EffectOutcome.Done(ours.Id) : new EffectOutcome.NotDone(TimeSpan.Zero);

    public override async Task SettledAsync(EffectSettled<PostToX> settled, Work work, CancellationToken ct)
    {
        var intent = settled.Intent;
        if (!settled.Succeeded && settled.Detail?.StartsWith(XAccountTable.StoppedPrefix, StringComparison.Ordinal) == true)
            await XAccountTable.StopAsync(work, intent.Account, settled.Detail[XAccountTable.StoppedPrefix.Length..], await OperatorAsync(ct), settled.At, ct);
        var publication = intent.PublicationId is { } id ? await PublicationTable.FindAsync(work, id, ct) : null;
        if (settled.Succeeded) work.Publish(CostOf(settled, work.Tenant, publication));
        var url = settled.Reference is { } reference ? options.PostUrl.Replace("{id}", reference, StringComparison.Ordinal) : null;
        if (publication is not null && settled.Succeeded) await PublicationTable.PublishedAsync(work, publication, url ?? options.PostUrl, settled.Reference, settled.At, ct);
        else if (publication is not null) await PublicationTable.FailedAsync(work, publication, settled.Detail ?? "X refused the post.", settled.At, ct);
        else if (intent.SocialPostId is { } post) await SocialPostTable.SettleAsync(work, post, settled.Reference, settled.Succeeded ? null : settled.Detail ?? "X refused the post.", settled.At, ct);
    }

    /// <summary>A stop is written down even while identity is away; then only the tenant that met it is told.</summary>
    private async Task<TenantId?> OperatorAsync(CancellationToken ct)
    {
        try { return await installation.FindAsync(ct); }
        catch (RpcException) { return null; }
    }

    /// <summary>Asked again at the time of the post: it may have been planned long before.</summary>
    private async Task<string?> RefusedAsync(EffectAttempt<PostToX> attempt, CancellationToken ct)
    {
        if (await access.CheckAsync(attempt.Tenant, ct) is { } closed) return closed.Detail;
        await using var work = await db.BeginAsync(attempt.Tenant, ct);
        return (await XAccountTable.CheckAsync(work, attempt.Intent.Account, ct))?.Detail;
    }

    private async Task<XPost?> FindAsync(EffectAttempt<PostToX> attempt, CancellationToken ct)
    {
        var me = await x.MeAsync(ct);
        await foreach (var post in x.PostsOfAsync(me.Id, attempt.StartedAt - ClockDifference, ct))
            if (IsOurs(post, attempt.Intent)) return post;
        return null;
    }

    internal static bool IsOurs(XPost post, PostToX intent) =>
        intent.LinkCode is { } code
            ? post.WrittenText.Split((char[])[' ', '\n', '\t']).Any(word => word.EndsWith($"/r/{code}", StringComparison.Ordinal))
            : string.Equals(post.WrittenText.Trim(), intent.Text.Trim(), StringComparison.Ordinal);

    private CostIncurred CostOf(EffectSettled<PostToX> settled, TenantId tenant, Publication? publication)
    {
        var withLink = PostText.HasLink(settled.Intent.Text);
        var price = Money.Of(withLink ? options.PostWithLinkPrice : options.PostPrice, Currency.Usd);
        return new()
        {
            TenantId = tenant.Value, CostId = settled.EffectId, Category = "post", Micros = price.Micros, Currency = price.Currency.Code,
            PieceId = publication?.PieceId, PublicationId = publication?.Id, ProductId = publication?.ProductId, Niche = publication?.Niche, Platform = Channel.X,
            PromptVersion = publication?.PromptVersion, Description = withLink ? "x post with link" : "x post", Test = settled.Intent.Test, OccurredAt = settled.At,
        };
    }
}
