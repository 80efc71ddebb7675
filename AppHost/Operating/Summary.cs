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
        Console.WriteLine($"  providers        {Providers(installation.Settings)}");
        if (Provider.OpenAI.IsOff(installation.Settings) && Provider.OpenRouter.IsOff(installation.Settings))
            Console.WriteLine("                   OpenAI and OpenRouter are both off: nothing can be written.");
        if (cycle is not null) Console.WriteLine($"  first cycle      {cycle}");
        return 0;
    }

    /// <summary>Who is live, who is played by the sandbox and who is off, mail included.</summary>
    public static string Providers(Settings settings) => $"{Provider.Describe(settings)}, mail {(settings.MailIsLive() ? "live" : "sandbox")}";
}
