using System.Net;
using Microsoft.AspNetCore.Http;

namespace Empire.Http;

/// <summary>From where the client reached the gateway. It crosses to the services signed, as the caller does: nobody inside or outside can claim another's address.</summary>
public sealed record ClientAddress(IPAddress Value)
{
    public const string Header = "X-Empire-Client";

    /// <returns>Null where no gateway vouched for an address, as in a service's own calls.</returns>
    public static string? Of(HttpContext context) => context.Features.Get<ClientAddress>()?.Value.ToString();
}
