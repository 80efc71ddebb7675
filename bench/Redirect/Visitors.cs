using System.Net;

namespace Empire.Bench.Redirect;

/// <summary>Browsers that wait for each answer, so that nothing is left under way.</summary>
internal static class Visitors
{
    public static HttpClient Client(Uri address, int connections)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, MaxConnectionsPerServer = connections }) { BaseAddress = address };
        client.DefaultRequestHeaders.UserAgent.ParseAdd(LoadGenerator.Browser);
        return client;
    }

    /// <returns>Where the link leads.</returns>
    /// <exception cref="InvalidOperationException">It leads nowhere.</exception>
    public static async Task<Uri> FollowAsync(HttpClient client, string code, CancellationToken ct)
    {
        using var response = await client.GetAsync(new Uri($"r/{code}", UriKind.Relative), ct);
        return response.StatusCode == HttpStatusCode.Found ? response.Headers.Location! : throw new InvalidOperationException($"/r/{code} answered {(int)response.StatusCode}.");
    }

    /// <summary>Follows links <paramref name="count"/> times.</summary>
    /// <returns>The sub id of each redirect.</returns>
    public static async Task<Guid[]> SubIdsAsync(Uri address, IReadOnlyList<string> codes, int count, CancellationToken ct)
    {
        const int Connections = 64;
        using var client = Client(address, Connections);
        var subIds = new Guid[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Connections, CancellationToken = ct }, async (i, token) =>
        {
            var destination = await FollowAsync(client, codes[i % codes.Count], token);
            subIds[i] = Guid.Parse(System.Web.HttpUtility.ParseQueryString(destination.Query)["subid"]!);
        });
        return subIds;
    }
}
