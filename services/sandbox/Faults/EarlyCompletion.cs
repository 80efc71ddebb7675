using Microsoft.AspNetCore.Http.Features;

namespace Empire.Sandbox.Faults;

/// <summary>A response that says it is complete before its caller has it: what was to happen afterwards happens when <see cref="CompleteAsync"/> is called.</summary>
sealed class EarlyCompletion(IHttpResponseFeature response) : IHttpResponseFeature
{
    readonly List<(Func<object, Task> Callback, object State)> afterwards = [];

    public IHttpResponseFeature Response => response;

    public int StatusCode { get => response.StatusCode; set => response.StatusCode = value; }
    public string? ReasonPhrase { get => response.ReasonPhrase; set => response.ReasonPhrase = value; }
    public IHeaderDictionary Headers { get => response.Headers; set => response.Headers = value; }
#pragma warning disable CS0618 // of the interface; the body has a feature of its own
    public Stream Body { get => response.Body; set => response.Body = value; }
#pragma warning restore CS0618
    public bool HasStarted => response.HasStarted;

    public void OnStarting(Func<object, Task> callback, object state) => response.OnStarting(callback, state);

    public void OnCompleted(Func<object, Task> callback, object state) => afterwards.Add((callback, state));

    public async Task CompleteAsync()
    {
        foreach (var (callback, state) in afterwards) await callback(state);
    }
}
