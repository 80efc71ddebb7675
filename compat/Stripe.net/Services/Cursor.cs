using Stripe.Forms;

namespace Stripe;

/// <summary>The caller's options with a place in the list that moves, in a copy that the caller does not see.</summary>
internal sealed class Cursor(BaseOptions options)
{
    /// <summary>What the caller gave, until the first move.</summary>
    public BaseOptions Options { get; private set; } = options;

    public void Move(string last, bool backward) => Move(backward ? "ending_before" : "starting_after", last);

    public void Move(string nextPage) => Move("page", nextPage);

    void Move(string name, string value)
    {
        var copy = new BaseOptions();
        foreach (var field in FormEncoder.Flatten(Options))
            if (field.Key != name) copy.AddExtraParam(field.Key, field.Value);
        copy.AddExtraParam(name, value);
        Options = copy;
    }
}
