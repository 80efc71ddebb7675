using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Empire.Sandbox.Stripe;

/// <summary>Begins changes of Stripe's world: for requests, pages, control endpoints and the passing of time.</summary>
public sealed class StripeSessions(StripeStore store, StripeChannel channel, IServer server, IOptions<SandboxOptions> options, TimeProvider clock, StripeSettlement settlement)
{
    /// <summary>Caused by someone who is answered first: webhooks go out after the answer.</summary>
    /// <exception cref="StripeException">Thrown by the change: nothing has happened.</exception>
    public T Change<T>(HttpContext http, Func<StripeContext, T> change, string? requestId = null, string? idempotencyKey = null) =>
        Change($"{http.Request.Scheme}://{http.Request.Host}", change, requestId, idempotencyKey, release => http.Response.OnCompleted(() => { release(); return Task.CompletedTask; }), StripeKey.IsLive(http.Request));

    /// <summary>Caused by nobody but the time.</summary>
    public T Change<T>(Func<StripeContext, T> change) => Change(server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://127.0.0.1", change, null, null, null);

    T Change<T>(string address, Func<StripeContext, T> change, string? requestId, string? idempotencyKey, Action<Action>? afterwards, bool? live = null)
    {
        var now = clock.GetUtcNow();
        var surroundings = new StripeSurroundings(address, channel.Target is not null, options.Value.Stripe.AfterRetries, settlement);
        return store.Change(work => change(new(work, now, now, surroundings, requestId, idempotencyKey) { Live = live }), afterwards);
    }
}
