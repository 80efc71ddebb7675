namespace Empire.Content.Llm;

/// <summary>A language model and its price, in millionths of a US dollar per million tokens.</summary>
/// <param name="TakesTemperature">False for reasoning models.</param>
/// <param name="TakesJsonSchema">False: the schema goes into the prompt.</param>
public sealed record Model(
    string Id, Provider Provider, long InputMicrosPerMillion, long OutputMicrosPerMillion, bool TakesTemperature, bool TakesJsonSchema)
{
    private const int TokensPerMillion = 1_000_000;

    /// <summary>Tokens a provider adds around the messages: roles and separators, a handful each.</summary>
    private const int EnvelopeTokens = 64;

    /// <summary>What a call cost, rounded half to even once, to the micro.</summary>
    public Money Cost(int inputTokens, int outputTokens) =>
        new((long)decimal.Round(Price(inputTokens, outputTokens), MidpointRounding.ToEven), Currency.Usd);

    /// <summary>What a call can cost at most. A token is at least one byte of the prompt, and the reply ends at its limit.</summary>
    public Money Ceiling(int promptBytes, int maxOutputTokens) =>
        new((long)decimal.Ceiling(Price(promptBytes + EnvelopeTokens, maxOutputTokens)), Currency.Usd);

    private decimal Price(int inputTokens, int outputTokens) =>
        ((decimal)inputTokens * InputMicrosPerMillion + (decimal)outputTokens * OutputMicrosPerMillion) / TokensPerMillion;
}
