using System.Net;
using System.Net.Http.Json;
using Empire.Gateway.Limits;

namespace Empire.Gateway.Tests;

public sealed class PeekTests(GatewayApp app) : IClassFixture<GatewayApp>
{
    [Fact]
    public async Task An_address_has_so_many_bodies_in_memory_at_once_before_anybody_knows_whose_they_are()
    {
        var (address, end) = (GatewayApp.NewAddress(), new TaskCompletionSource());
        using var slow = app.ClientFor(null, address, new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(2) });
        var bodies = Enumerable.Range(0, AtOnce.Most).Select(_ => new SlowBody(end.Task)).ToList();
        var answers = bodies.Select(body => PostAsync(slow, body)).ToList();
        await Task.WhenAll(bodies.Select(body => body.Read)).WaitAsync(TimeSpan.FromMinutes(1));   // the gateway has asked for each

        using var one = app.ClientFor(null, address);
        using (var more = await one.PostAsJsonAsync("/api/track-usage", new { }))
        {
            Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(1)), (more.StatusCode, more.Headers.RetryAfter?.Delta));
            Assert.Contains("at once", await more.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        using var named = app.ClientFor(app.Behind.Identity.Key(), address);   // known without looking
        Assert.Equal(HttpStatusCode.OK, (await named.PostAsJsonAsync("/api/track-usage", new { })).StatusCode);
        using var elsewhere = app.ClientFor(null);
        Assert.Equal(HttpStatusCode.Unauthorized, (await elsewhere.PostAsJsonAsync("/api/track-usage", new { })).StatusCode);

        end.SetResult();
        foreach (var answer in await Task.WhenAll(answers)) answer.Dispose();
        using var after = await one.PostAsJsonAsync("/api/track-usage", new { api_key = app.Behind.Identity.Key() });
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, HttpContent body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/track-usage") { Content = body };
        request.Headers.ExpectContinue = true;   // the body is asked for when somebody reads it
        return client.SendAsync(request);
    }

    private sealed class SlowBody(Task end) : HttpContent
    {
        private readonly TaskCompletionSource read = new();

        public Task Read => read.Task;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            read.TrySetResult();
            await end;
            await stream.WriteAsync("{}"u8.ToArray());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 2;
            return true;
        }
    }
}
