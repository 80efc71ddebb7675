namespace Empire.Sandbox.OpenAi;

/// <summary>A token is counted as four characters, the rule of thumb for English text; each message costs four more for its frame. No tokenizer, so the same on every machine.</summary>
public static class TokenCount
{
    public const int CharactersPerToken = 4;
    const int PerMessage = 4, PerAnswerStart = 3;

    public static int Of(string text) => (text.Length + CharactersPerToken - 1) / CharactersPerToken;

    public static int Of(IEnumerable<ChatMessage> messages) => PerAnswerStart + messages.Sum(m => PerMessage + Of(m.Text));

    /// <returns>As much of the text as the tokens allow.</returns>
    public static string Cut(string text, int tokens)
    {
        if (text.Length <= tokens * CharactersPerToken) return text;
        var end = tokens * CharactersPerToken;
        return text[..(end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)];
    }
}
