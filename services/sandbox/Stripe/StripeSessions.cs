namespace Empire.Sandbox.Stripe;

/// <summary>Changes of Stripe's world that no API call makes: pages, control endpoints, the passing of time.</summary>
public sealed class StripeSessions(StripeStore store, StripeChannel channel, TimeProvider clock)
{
    /// <exception cref="StripeException">Thrown by the change: nothing has happened.</exception>
    public T Change<T>(HttpContext http, Func<StripeContext, T> change) =>
        Change($"{http.Request.Scheme}://{http.Request.Host}", change, release => http.Response.OnCompleted(() => { release(); return Task.CompletedTask; }));

    /// <param name="address">Where the sandbox is reached.</param>
    public T Change<T>(string address, Func<StripeContext, T> change, Action<Action>? afterwards = null) =>
        store.Change(work => change(new(work, clock.GetUtcNow(), address, channel.Target is not null)), afterwards);
}
