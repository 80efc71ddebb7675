using System.Text.Encodings.Web;
using System.Text.Json;

namespace Empire.AppHost.Operating;

internal static class Status
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>0 when everything runs and is healthy, otherwise 1.</returns>
    public static int Print(Installation installation, bool asJson)
    {
        var state = installation.ReadState();
        var running = state?.Orchestrator is { IsAlive: true };
        var resources = (state?.Resources ?? []).Select(r => running ? r : r with { State = "Exited", Health = "Unknown", Pid = null }).ToArray();
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                installation.Gateway,
                installation.GatewayGrpc,
                installation.Owner,
                Resources = resources.Select(r => new { r.Name, r.State, r.Health, r.Address, r.Pid, r.Restarts }),
            }, Json));
        }
        else
        {
            PrintTable(installation, state, resources, running);
        }
        return running && resources.All(r => r.IsThere) ? 0 : 1;
    }

    private static void PrintTable(Installation installation, Installation.State? state, Installation.Resource[] resources, bool running)
    {
        if (!running) Console.WriteLine("Empire is not running; start it with ./empire up.");
        if (resources.Length > 0) Console.WriteLine($"{"",2}{"NAME",-14}{"STATE",-14}{"HEALTH",-11}{"ADDRESS",-26}{"PID",8}{"RESTARTS",10}");
        foreach (var r in resources)
            Console.WriteLine($"{(r.IsThere ? "●" : "○"),-2}{r.Name,-14}{r.State,-14}{r.Health,-11}{r.Address,-26}{r.Pid,8}{r.Restarts,10}{(r.Reason is null ? "" : $"   {r.Reason}")}");
        if (!running) return;
        Console.WriteLine($"\ngateway    {installation.Gateway}   gRPC {installation.GatewayGrpc ?? "unknown"}\noperator   {state?.Dashboard ?? "off"}\nowner      {installation.Owner.Email}   {installation.Owner.Password}   {installation.Owner.ApiKey}\nproviders  {Summary.Providers(installation.Settings)}");
    }
}
