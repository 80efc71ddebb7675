using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Empire.Http;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Empire.Content.Llm;

/// <summary>OpenAI's chat completions API, which OpenRouter speaks too, as an <see cref="IChatClient"/>: text in, text and token counts out. It makes one attempt;
/// whoever pays for the call decides about the next.</summary>
/// <remarks>Stands in for Microsoft.Extensions.AI.OpenAI, with the part of it that Empire uses.</remarks>
public sealed class OpenAIChatClient : IChatClient
{
    private readonly ChatClient chat;
    private readonly ChatClientMetadata metadata;
    private readonly string provider;

    public OpenAIChatClient(Provider provider, string model, HttpClient http)
    {
        chat = new(model, new ApiKeyCredential(provider.ApiKey), new OpenAIClientOptions
        {
            Endpoint = provider.BaseAddress,
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan, // the provider's settings end the call
        });
        metadata = new(provider.Name, provider.BaseAddress, model);
        this.provider = provider.Name;
    }

    /// <exception cref="ProviderException">The provider answered with an error, or not at all.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            var completion = (await chat.CompleteChatAsync(messages.Select(ToOpenAI), ToOpenAI(options), cancellationToken)).Value;
            var text = string.Concat(completion.Content.Select(part => part.Text));
            return new ChatResponse(new ChatMessage(ChatRole.Assistant, text))
            {
                ResponseId = completion.Id,
                ModelId = completion.Model,
                CreatedAt = completion.CreatedAt,
                FinishReason = completion.Refusal is { Length: > 0 } ? ChatFinishReason.ContentFilter : ToAbstract(completion.FinishReason),
                Usage = ToAbstract(completion.Usage),
                RawRepresentation = completion,
            };
        }
        catch (ClientResultException e)
        {
            throw new ProviderException(provider, e.Status > 0 ? (HttpStatusCode)e.Status : null, FirstLine(e.Message), e) { RetryAfter = RetryAfter(e.GetRawResponse()) };
        }
        // OpenRouter may answer 200 with an error in the body, which has no choices to read.
        catch (Exception e) when (e is ArgumentOutOfRangeException or InvalidOperationException or KeyNotFoundException or System.Text.Json.JsonException)
        {
            throw new ProviderException(provider, HttpStatusCode.BadGateway, "the answer is no chat completion", e);
        }
    }

    /// <inheritdoc cref="GetResponseAsync"/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var update in chat.CompleteChatStreamingAsync(messages.Select(ToOpenAI), ToOpenAI(options), cancellationToken))
        {
            var part = new ChatResponseUpdate(ChatRole.Assistant, string.Concat(update.ContentUpdate.Select(content => content.Text)))
            {
                ResponseId = update.CompletionId,
                ModelId = update.Model,
                CreatedAt = update.CreatedAt,
                FinishReason = update.FinishReason is { } reason ? ToAbstract(reason) : null,
            };
            if (ToAbstract(update.Usage) is { } usage) part.Contents.Add(new UsageContent(usage));
            yield return part;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? metadata
        : serviceType == typeof(ChatClient) ? chat
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose() { } // the HttpClient belongs to its factory

    private static OpenAI.Chat.ChatMessage ToOpenAI(ChatMessage message) =>
        message.Role == ChatRole.System ? OpenAI.Chat.ChatMessage.CreateSystemMessage(message.Text)
        : message.Role == ChatRole.Assistant ? OpenAI.Chat.ChatMessage.CreateAssistantMessage(message.Text)
        : OpenAI.Chat.ChatMessage.CreateUserMessage(message.Text);

    private static ChatCompletionOptions ToOpenAI(ChatOptions? options)
    {
        var result = new ChatCompletionOptions { Temperature = options?.Temperature, MaxOutputTokenCount = options?.MaxOutputTokens };
        if (options?.ResponseFormat is ChatResponseFormatJson { Schema: { } schema } json)
            result.ResponseFormat = OpenAI.Chat.ChatResponseFormat.CreateJsonSchemaFormat(
                json.SchemaName, BinaryData.FromString(schema.GetRawText()), json.SchemaDescription, jsonSchemaIsStrict: true);
        else if (options?.ResponseFormat is ChatResponseFormatJson)
            result.ResponseFormat = OpenAI.Chat.ChatResponseFormat.CreateJsonObjectFormat();
        return result;
    }

    private static UsageDetails? ToAbstract(ChatTokenUsage? usage) => usage is null ? null : new()
    {
        InputTokenCount = usage.InputTokenCount,
        OutputTokenCount = usage.OutputTokenCount,
        TotalTokenCount = usage.TotalTokenCount,
    };

    private static ChatFinishReason ToAbstract(OpenAI.Chat.ChatFinishReason reason) => reason switch
    {
        OpenAI.Chat.ChatFinishReason.Length => ChatFinishReason.Length,
        OpenAI.Chat.ChatFinishReason.ContentFilter => ChatFinishReason.ContentFilter,
        OpenAI.Chat.ChatFinishReason.ToolCalls or OpenAI.Chat.ChatFinishReason.FunctionCall => ChatFinishReason.ToolCalls,
        _ => ChatFinishReason.Stop,
    };

    /// <summary>The header in either of its two forms: seconds, or a date against the answer's own.</summary>
    private static TimeSpan? RetryAfter(PipelineResponse? response)
    {
        if (response is null || !response.Headers.TryGetValue("Retry-After", out var text)) return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)) return TimeSpan.FromSeconds(seconds);
        return Date(text) is { } until && response.Headers.TryGetValue("Date", out var sent) && Date(sent) is { } now && until > now ? until - now : null;
    }

    private static DateTimeOffset? Date(string? text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();
}
