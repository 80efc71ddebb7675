using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace Empire.Content.Llm;

/// <summary>One chat client per model, made when it is first asked.</summary>
public sealed class ChatClients(IHttpClientFactory http)
{
    private readonly ConcurrentDictionary<Model, IChatClient> clients = new();

    public IChatClient For(Model model) => clients.GetOrAdd(model, m => new OpenAIChatClient(m.Provider, m.Id, http.CreateClient(m.Provider.Name)));
}
