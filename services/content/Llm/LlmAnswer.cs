namespace Empire.Content.Llm;

/// <summary>What became of one call to a model.</summary>
public abstract record LlmAnswer
{
    private LlmAnswer() { }

    /// <param name="Complete">False: the reply hit its limit of tokens, or a filter of the provider.</param>
    public sealed record Reply(string Text, bool Complete, int InputTokens, int OutputTokens) : LlmAnswer;

    /// <summary>The provider said no, or could not be reached: nothing was made and nothing is charged.</summary>
    /// <param name="Transient">The same call may succeed later.</param>
    public sealed record Refused(string Reason, bool Transient, TimeSpan? RetryAfter) : LlmAnswer;

    /// <summary>The call went out and no answer came back: it may have been charged.</summary>
    public sealed record Unknown(string Reason) : LlmAnswer;
}
