using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>Free loopback ports, chosen once and kept in <c>ports.json</c>, so that addresses survive a restart.</summary>
internal sealed class PortBook(HomeFolder home)
{
    private const int First = 20_000, Last = 32_000; // below the kernel's ephemeral range, so that no outgoing connection takes a port while its server is down
    private readonly string _file = home.In("ports.json");

    /// <exception cref="DistributedApplicationException">A port that the model fixes is in use.</exception>
    public void Allocate(IEnumerable<IResource> resources)
    {
        var book = HomeFolder.Read<SortedDictionary<string, int>>(_file) ?? [];
        var taken = new HashSet<int>();
        foreach (var resource in resources)
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
            {
                var replicas = resource.GetReplicaCount();
                endpoint.Allocated = [.. Enumerable.Range(0, replicas).Select(replica => new AllocatedEndpoint(endpoint, endpoint.TargetHost, Choose(resource, endpoint, replica)))];
            }
        HomeFolder.Write(_file, book);

        int Choose(IResource resource, EndpointAnnotation endpoint, int replica)
        {
            if ((resource is ProjectResource ? endpoint.Port ?? endpoint.TargetPort : endpoint.TargetPort ?? endpoint.Port) is { } wanted)
            {
                if (resource.GetReplicaCount() > 1) throw new DistributedApplicationException($"'{resource.Name}' has several replicas, so its endpoint '{endpoint.Name}' cannot have the fixed port {wanted}.");
                if (!IsFree(wanted) || !taken.Add(wanted)) throw new DistributedApplicationException($"Port {wanted} is in use; '{resource.Name}' needs it for its endpoint '{endpoint.Name}'.");
                return wanted;
            }
            var key = $"{resource.Name}/{endpoint.Name}/{replica}";
            if (book.TryGetValue(key, out var port) && IsFree(port) && taken.Add(port)) return port;
            do port = RandomNumberGenerator.GetInt32(First, Last);
            while (book.ContainsValue(port) || !IsFree(port) || !taken.Add(port));
            return book[key] = port;
        }
    }

    public static bool IsFree(int port)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            listener.Listen(1);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
