using System.Text;
using Empire.Http;
using Microsoft.Extensions.AI;

namespace Empire.Content.Llm;

/// <summary>A question ready to be put to a model.</summary>
/// <param name="MaxOutputTokens">Where the reply is cut off; with it the most the call can cost is known before.</param>
public sealed record Question(IReadOnlyList<ChatMessage> Messages, ChatOptions Options, int MaxOutputTokens)
{
    /// <summary>The most a call with this question can cost, the schema that goes along included.</summary>
    public Money CeilingAt(Model model) => model.Ceiling(
        Messages.Sum(message => Encoding.UTF8.GetByteCount(message.Text))
        + (Options.ResponseFormat is ChatResponseFormatJson { Schema: { } schema } ? Encoding.UTF8.GetByteCount(schema.GetRawText()) : 0),
        MaxOutputTokens);
}

/// <summary>Puts one question to one model, once, and says what became of it. Retries, money and the record of the call are the caller's.</summary>
public sealed class ModelCall(ChatClients clients)
{
    /// <exception cref="OperationCanceledException">Only when <paramref name="ct"/> is cancelled.</exception>
    public async Task<LlmAnswer> AskAsync(Model model, Question question, CancellationToken ct)
    {
        try
        {
            var response = await clients.For(model).GetResponseAsync(question.Messages, question.Options, ct);
            var complete = response.FinishReason != ChatFinishReason.Length && response.FinishReason != ChatFinishReason.ContentFilter;
            return response.Usage is { InputTokenCount: { } input, OutputTokenCount: { } output }
                ? new LlmAnswer.Reply(response.Text, complete, (int)input, (int)output)
                : new LlmAnswer.Unknown($"{model.Provider.Name} answered without token counts.");
        }
        catch (ProviderException e) when (e.Status is not null || e.NotSent)
        {
            return new LlmAnswer.Refused(e.Message, !e.IsRefusal, e.RetryAfter);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is ProviderException or HttpRequestException or IOException or OperationCanceledException)
        {
            return new LlmAnswer.Unknown(e.Message);
        }
    }
}
