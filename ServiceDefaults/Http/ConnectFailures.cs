using System.Net.Sockets;

namespace Empire.Http;

/// <summary>A call that fails at the socket fails as an <see cref="HttpRequestException"/>, which is what everybody who calls is prepared for.</summary>
/// <remarks>Where the other side hangs up between accepting a connection and the moment <see cref="HttpClient"/> asks for its address (.NET 9 and 10 want it for their metrics), the bare
/// <see cref="SocketException"/> comes through. It says nothing of whether something was sent, so nobody may conclude that nothing was.</remarks>
internal sealed class ConnectFailures : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try { return await base.SendAsync(request, cancellationToken); }
        catch (SocketException e) { throw new HttpRequestException(e.Message, e); }
    }
}
