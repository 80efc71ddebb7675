namespace Grpc.Net.ClientFactory.Internal;

/// <summary>Which client type is registered under which name.</summary>
sealed class ClientTypes
{
    readonly Dictionary<string, Type> byName = [];

    /// <exception cref="InvalidOperationException">Another type has the name.</exception>
    public void Register(string name, Type type)
    {
        if (byName.TryGetValue(name, out var other) && other != type)
            throw new InvalidOperationException($"The gRPC client name '{name}' stands for {other} already and cannot stand for {type} too: give one of them another name.");
        byName[name] = type;
    }

    /// <exception cref="InvalidOperationException">The type is not registered under the name.</exception>
    public void Check(string name, Type type)
    {
        if (!byName.TryGetValue(name, out var registered) || registered != type)
            throw new InvalidOperationException($"No gRPC client of type {type} is registered under the name '{name}': call AddGrpcClient.");
    }
}
