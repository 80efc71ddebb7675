namespace Stripe;

/// <summary>A word that stands where otherwise a time or a number does, as "now" for the end of a trial.</summary>
public abstract class StringEnum
{
    protected StringEnum(string value) => Value = value;

    public string Value { get; protected set; }

    public override string ToString() => Value;
}
