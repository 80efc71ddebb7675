namespace Empire.AppHost.Operating;

/// <summary>What a person wants to know after a start.</summary>
internal static class Summary
{
    /// <param name="cycle">How the first cycle went, in one line; null when there was none.</param>
    public static int Print(Installation installation, string? cycle)
    {
        var dashboard = installation.ReadState()?.Dashboard;
        Console.WriteLine($"""

            Empire is up.

              blog and API     {installation.Gateway}
              GPU agents       {installation.GatewayGrpc ?? "unknown"} (gRPC)
              operator page    {dashboard ?? "off"}
              owner            {installation.Owner.Email}
              password         {installation.Owner.Password}
              API key          {installation.Owner.ApiKey}
            """);
        Console.WriteLine($"  providers        {string.Join(", ", Provider.All.Select(p => $"{p.Name} {(p.IsLive(installation.Settings) ? "live" : "sandbox")}"))}, mail {(installation.Settings.MailIsLive() ? "live" : "sandbox")}");
        if (cycle is not null) Console.WriteLine($"  first cycle      {cycle}");
        return 0;
    }
}
