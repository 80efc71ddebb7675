using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Empire.Analytics.Tests;

/// <summary>The networks' report addresses, answering what the test says.</summary>
public sealed class ReportServer : IAsyncDisposable
{
    private readonly HttpListener listener;
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> rows = new();
    private readonly Task serving;
    private readonly int port;

    public ReportServer()
    {
        (port, listener) = Listen();
        serving = ServeAsync();
    }

    /// <summary>Every request's network, path and query, oldest first.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>This network answers 403 from now on.</summary>
    public string? Refusing { get; set; }

    /// <summary>What a network answers instead of its report, with 200; null: its report.</summary>
    public (string Network, string Body)? Instead { get; set; }

    public string AddressOf(string network) => $"http://127.0.0.1:{port}/{network}";

    /// <param name="bodies">One page each.</param>
    public void Say(string network, params string[] bodies) => rows[network] = bodies;

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try { context = await listener.GetContextAsync(); }
            catch (HttpListenerException) { return; }
            catch (ObjectDisposedException) { return; }
            Requests.Enqueue(context.Request.RawUrl!);
            var network = context.Request.Url!.Segments[1].TrimEnd('/');
            var pages = rows.GetValueOrDefault(network) ?? [];
            var page = int.TryParse(context.Request.QueryString["cursor"], out var cursor) ? cursor : 0;
            var next = page + 1 < pages.Count ? $"\"{page + 1}\"" : "null";
            context.Response.StatusCode = network == Refusing ? 403 : 200;
            if (Instead is { } instead && instead.Network == network)
            {
                context.Response.OutputStream.Write(Encoding.UTF8.GetBytes(instead.Body));
                context.Response.Close();
                continue;
            }
            context.Response.OutputStream.Write(Encoding.UTF8.GetBytes($$"""{"data":[{{(page < pages.Count ? pages[page] : "")}}],"next_cursor":{{next}}}"""));
            context.Response.Close();
        }
    }

    private static (int Port, HttpListener Listener) Listen()
    {
        for (; ; )
        {
            using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var free = ((IPEndPoint)probe.LocalEndpoint).Port;
            probe.Stop();
            var fresh = new HttpListener();
            fresh.Prefixes.Add($"http://127.0.0.1:{free}/");
            try
            {
                fresh.Start();
                return (free, fresh);
            }
            catch (HttpListenerException) { } // taken in between
        }
    }
}
