using Empire.Gateway.Authentication;
using Empire.Gateway.Caching;
using Empire.Gateway.Limits;
using Empire.Gateway.Routing;
using Empire.Gateway.Security;
using Empire.Http;
using Empire.Tiers;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace Empire.Gateway.Requests;

/// <summary>Decides who comes in, in this order: is the address shut out, who is it and from where, not too often, may they, not over the month. What passes carries a signed caller and
/// a signed address, and no credential.</summary>
internal sealed class FrontDoor(
    RequestDelegate next, Authenticator authenticator, AddressSignatures addresses, Blocks blocks, Limiter limiter, MonthlyQuota quota, UnlimitedCalls unlimited, TierTable tiers, TenantCache cache,
    OpenStreams streams, AtOnce atOnce, SecurityEvents events, IOptions<GatewayOptions> options, TimeProvider clock)
{
    /// <summary>What services tell one another; the gateway has a part of it too, as every service has.</summary>
    private static readonly PathString Inside = "/internal";
    private const int OpenersPerMinute = 10;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1), Hour = TimeSpan.FromHours(1), Day = TimeSpan.FromDays(1);

    private readonly GatewayOptions options = options.Value;
    private readonly Dictionary<string, long?> perHour = new[] { TierTable.Free, TierTable.Professional, TierTable.Enterprise }.ToDictionary(tier => tier, tier => tiers[tier].RequestsPerHour);

    public async Task InvokeAsync(HttpContext context)
    {
        var visit = Visit.Of(context);
        // Whoever names us to a provider has it fail here, from the addresses that its word for us comes from: what is signed is looked at all the same, a few at once (ADR 0168).
        var (shut, signed) = (blocks.Until(visit.Origin), visit.Route is { Access: Access.Signed });
        if (shut is { } until && !signed && !await OpensAsync(context, visit))
        {
            context.Response.Headers.RetryAfter = $"{(long)Math.Ceiling((until - clock.GetUtcNow()).TotalSeconds)}";
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "address-blocked", "Too many failed attempts came from this address. Try again later.");
            return;
        }
        if (context.Request.Path.StartsWithSegments(Inside))   // before the route: the site's would take it to a service, which has such paths too
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "not-found", "Not Found");
            return;
        }
        if (visit.Route is not { } route)
        {
            await next(context);
            return;
        }
        var doubted = signed && shut is not null;
        using var place = doubted ? atOnce.Begin("signed", visit.Origin) : null;
        var letIn = route.Access switch
        {
            Access.Key => await LetInAsync(context, visit, route),
            Access.Open => await WithinLimitsAsync(context, visit, route, null),
            _ => !doubted || place is not null || await TooManyAtOnceAsync(context, visit, "from an address that failed too often. Send it again."),
        };
        if (!letIn) return;
        if (route.Later)
        {
            await RefuseAsync(context, StatusCodes.Status501NotImplemented, "not-yet-available", "This part of Empire is not built yet.");
            return;
        }
        if (route is { Metered: true } && visit.Identity is { Metered: true } metered && !await quota.SpendAsync(context, visit, metered)) return;
        Introduce(context, visit, route);
        if (visit.Identity is not null && Antiforgery.IsNeeded(context.Request.Method) && !route.Grpc && route.Service != "telemetry")
        {
            visit.Changes = visit.Writes = true;
            context.Response.OnStarting(() => ForgetAsync(context, visit));   // before whoever changed something can ask again
        }
        try
        {
            if (visit.Credential is null) await next(context);
            else await streams.CarryAsync(context, next);
        }
        finally
        {
            await AfterAsync(context, visit, route);
        }
    }

    /// <summary>Whoever runs the installation may stand behind the very address that is shut out: they alone still reach the list of blocks, to open it. No way to guess on: what others are told is the
    /// same with any key, and a few tries a minute are looked at.</summary>
    private async ValueTask<bool> OpensAsync(HttpContext context, Visit visit) =>
        visit.Route is { Path: "/admin/blocks" } && Credential.Of(context.Request) is { } shown
        && (await limiter.TakeAsync([new($"gateway:opener:{visit.Origin}", OpenersPerMinute, Minute, "tries a minute to open a blocked address")])).Allowed
        && (await authenticator.AuthenticateAsync(shown, visit.Address.ToString(), context.RequestAborted)).Identity is { Caller.Operator: true };

    private async ValueTask<bool> LetInAsync(HttpContext context, Visit visit, ServiceRoute route)
    {
        var credential = Credential.Of(context.Request);
        var unknown = route.KeyInBody && credential is not { Kind: not CredentialKind.Session };
        using var peek = unknown ? atOnce.Begin("peek", visit.Origin) : null;
        if (unknown && peek is null) return await TooManyAtOnceAsync(context, visit, "whose key is in the body. Send it as 'Authorization: Bearer gopt_…'.");
        if (unknown && PeekedBody.Field((await PeekedBody.ReadAsync(context, route.MaxBodyBytes ?? options.MaxBodyBytes)).Span, "api_key"u8) is { Length: > 0 } key)
            credential = new(CredentialKind.ApiKey, key);
        var answer = credential is { } shown ? await authenticator.AuthenticateAsync(shown, visit.Address.ToString(), context.RequestAborted) : Authenticator.NoCredential;
        if (answer.Identity is not { } identity) return await TurnAwayAsync(context, visit, route, credential, answer);
        (visit.Identity, visit.Shown) = (identity, credential?.Kind);
        if (route.Grpc) visit.Credential = credential;

        var outside = !identity.MayComeFrom(visit.Address);
        // Before the rest: who is refused has called too. From outside by the address, as of somebody without a credential: who found a key must not use up the hour of whose it is.
        if (!await WithinLimitsAsync(context, visit, route, outside ? null : identity.Caller)) return false;
        if (outside && !route.FromAnywhere)
        {
            events.Record("network_refused", visit);
            return await RefuseAsync(context, StatusCodes.Status403Forbidden, "network-not-allowed", "This account may not be used from this address.");
        }
        if (credential is { Kind: CredentialKind.Session } && Antiforgery.IsNeeded(context.Request.Method) && !await Antiforgery.HoldsAsync(context, identity.AntiforgeryToken, options.MaxBodyBytes))
        {
            events.Record("bad_antiforgery", visit);
            return await RefuseAsync(context, StatusCodes.Status400BadRequest, "invalid-csrf-token", "Repeat the session's antiforgery token in the header X-CSRF-Token or the form field csrf_token.");
        }
        if (identity.MissingScope(route, context.Request.Method) is { } scope)
            return await RefuseAsync(context, StatusCodes.Status403Forbidden, "missing-scope", $"This key lacks the scope {scope}.");
        if (route.OperatorOnly && !identity.Caller.Operator)
            return await RefuseAsync(context, StatusCodes.Status403Forbidden, "forbidden", "Only the operator of this installation may do this.");
        return true;
    }

    private async ValueTask<bool> TooManyAtOnceAsync(HttpContext context, Visit visit, string whose)
    {
        events.Record("limit", visit, $"{AtOnce.Most} at once");
        context.Response.Headers.RetryAfter = "1";
        return await RefuseAsync(context, StatusCodes.Status429TooManyRequests, "rate-limited", $"At most {AtOnce.Most} requests at once {whose}");
    }

    private async ValueTask<bool> TurnAwayAsync(HttpContext context, Visit visit, ServiceRoute route, Credential? credential, Authenticator.Answer answer)
    {
        var status = answer.Status;
        if (status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden && !await WithinLimitsAsync(context, visit, route, null)) return false;
        if (status == StatusCodes.Status401Unauthorized && credential is { Kind: not CredentialKind.Session } shown && !answer.Blameless)   // a session ends by itself; a wrong key is a guess
        {
            events.Record("failed_credential", visit, shown.Kind is CredentialKind.AccessToken ? "access token" : "API key");
            await blocks.FailedAsync(visit, Failure.Credential);
        }
        if (status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "2";
        return await RefuseAsync(context, status, answer.Refusal!.Code, answer.Refusal.Detail);
    }

    /// <summary>Every window that applies, in one question. None applies to a caller without limits, who then costs Redis nothing.</summary>
    /// <param name="caller">Null counts by the address.</param>
    private async ValueTask<bool> WithinLimitsAsync(HttpContext context, Visit visit, ServiceRoute route, Caller? caller)
    {
        var hourly = caller?.Tier is { } tier && !route.AroundTheClock ? perHour.GetValueOrDefault(tier) : null;
        if (caller is not null && hourly is null && route.PerMinute is null) return true;

        var who = caller?.Actor ?? visit.Origin;
        var windows = new List<Window>(3);
        if (route.PerMinute is { } perMinute) windows.Add(new($"gateway:{{{who}}}:minute:{route.Path}", perMinute, Minute, "requests a minute here"));
        if (caller is null)
        {
            windows.Add(new($"gateway:{{{who}}}:address-hour", options.AddressRequestsPerHour, Hour, "requests an hour without a key"));
            windows.Add(new($"gateway:{{{who}}}:address-day", options.AddressRequestsPerDay, Day, "requests a day without a key"));
        }
        // A person may be in several accounts: each account's tier has its own hour.
        else if (hourly is { } limit) windows.Add(new($"gateway:{{{who}}}:hour:{caller.Tenant.Value:N}", limit, Hour, $"requests an hour of one key of the tier {caller.Tier}"));

        Window[] asked = [.. windows];
        var standing = await limiter.TakeAsync(asked);
        var strictest = asked[standing.Strictest];
        var seconds = $"{(long)Math.Ceiling(standing.Reset.TotalSeconds)}";
        context.Response.OnStarting(static state =>
        {
            var (response, limit, remaining, reset) = ((HttpResponse, long, long, string))state;
            response.Headers["RateLimit-Limit"] = $"{limit}";
            response.Headers["RateLimit-Remaining"] = $"{remaining}";
            response.Headers["RateLimit-Reset"] = reset;
            return Task.CompletedTask;
        }, (context.Response, strictest.Limit, standing.Remaining, seconds));
        if (standing.Allowed) return true;
        events.Record("limit", visit, $"{strictest.Limit} {strictest.Name}");
        context.Response.Headers.RetryAfter = seconds;
        return await RefuseAsync(context, StatusCodes.Status429TooManyRequests, "rate-limited", $"At most {strictest.Limit} {strictest.Name}.");
    }

    private void Introduce(HttpContext context, Visit visit, ServiceRoute route)
    {
        var headers = context.Request.Headers;
        headers[ClientAddress.Header] = addresses.Of(visit.Address);
        if (visit.Identity is { } identity)
        {
            headers[CallerToken.Header] = identity.Token;
            Credential.Strip(context.Request, route, visit.Shown);
        }
        else
        {
            var key = headers[Credential.KeyHeader];
            Credential.Strip(context.Request, route, route.Access is Access.Open ? CredentialKind.Session : null);   // who signs in anew ends the session that their browser has
            if (route.Access is Access.Signed) headers[Credential.KeyHeader] = key;   // of affiliate networks: the secret they share with us, which the service compares
        }
        if (route.Secret) headers.AcceptEncoding = default;   // see ServiceRoute.Secret
    }

    private async ValueTask AfterAsync(HttpContext context, Visit visit, ServiceRoute route)
    {
        var status = context.Response.StatusCode;
        if (status >= 500 && visit is { Receipt: not null, Identity: { } metered }) await quota.ReturnAsync(visit, metered);
        if (status < 500 && route.Metered && visit is { Receipt: null, Identity: { Metered: false } uncounted }) unlimited.Count(uncounted.Caller.Tenant.Value);
        if (visit.Writes && MayGoOn(context)) await cache.UnsettledAsync(visit.Identity!.Caller.Tenant.Value);
        else if (visit.Identity is not null) await ForgetAsync(context, visit);   // the client left before the answer began
        if (visit.Identity is null && !visit.Blameless && IsFailure(route, status))
        {
            var failure = route.Access is Access.Signed ? Failure.Signature : Failure.Credential;
            events.Record(failure is Failure.Signature ? "bad_signature" : "failed_credential", visit);
            await blocks.FailedAsync(visit, failure);
        }
        else if (visit.Identity is null && status == StatusCodes.Status423Locked) events.Record("locked", visit); // identity has locked the sign-in; whoever goes on trying is seen
    }

    /// <summary>What the account may have changed is kept no longer; once. A refusal changed nothing; where the service failed, or nobody waited for it, it may have.</summary>
    private async Task ForgetAsync(HttpContext context, Visit visit)
    {
        if (!visit.Changes) return;
        visit.Changes = false;
        if (context.Response.StatusCode is < StatusCodes.Status400BadRequest or >= StatusCodes.Status499ClientClosedRequest) await cache.ChangedAsync(visit.Identity!.Caller.Tenant.Value);
    }

    /// <summary>The service was reached and its answer has not come, or not to its end: whatever it does with the request it may do later.</summary>
    private static bool MayGoOn(HttpContext context) =>
        context.Features.Get<IForwarderErrorFeature>() is { } fault && fault is not { Error: ForwarderError.NoAvailableDestinations } && !Unreachable.IsUnsent(fault);

    private static bool IsFailure(ServiceRoute route, int status) => route.Access switch
    {
        Access.Open => status is StatusCodes.Status401Unauthorized || (route.Guess && status is StatusCodes.Status499ClientClosedRequest),   // who hangs up has guessed too
        Access.Signed => status is StatusCodes.Status401Unauthorized or StatusCodes.Status400BadRequest or StatusCodes.Status413PayloadTooLarge,   // Stripe's are refused with 400
        _ => false,
    };

    private static async ValueTask<bool> RefuseAsync(HttpContext context, int status, string code, string detail)
    {
        await Denial.WriteAsync(context, new(status, code, detail));
        return false;
    }
}
