namespace Stripe;

/// <summary>A value of one of several types; assigning a value of any of them makes one.</summary>
public interface IAnyOf
{
    object Value { get; }
    /// <summary>Which of the types it was given as.</summary>
    Type Type { get; }
}

/// <inheritdoc/>
public abstract class AnyOf : IAnyOf
{
    public abstract object Value { get; }
    public abstract Type Type { get; }

    public override string ToString() => Value?.ToString() ?? "AnyOf(null)";
}

/// <inheritdoc/>
public class AnyOf<T1, T2> : AnyOf
{
    readonly T1 value1;
    readonly T2 value2;

    public AnyOf(T1 value) => (value1, Value, Type) = (value, value, typeof(T1));

    public AnyOf(T2 value) => (value2, Value, Type) = (value, value, typeof(T2));

    public sealed override object Value { get; }
    public sealed override Type Type { get; }

    public static implicit operator AnyOf<T1, T2>(T1 value) => value is null ? null : new(value);
    public static implicit operator AnyOf<T1, T2>(T2 value) => value is null ? null : new(value);
    public static implicit operator T1(AnyOf<T1, T2> anyOf) => anyOf.value1;
    public static implicit operator T2(AnyOf<T1, T2> anyOf) => anyOf.value2;
}

/// <inheritdoc/>
public class AnyOf<T1, T2, T3> : AnyOf
{
    readonly T1 value1;
    readonly T2 value2;
    readonly T3 value3;

    public AnyOf(T1 value) => (value1, Value, Type) = (value, value, typeof(T1));

    public AnyOf(T2 value) => (value2, Value, Type) = (value, value, typeof(T2));

    public AnyOf(T3 value) => (value3, Value, Type) = (value, value, typeof(T3));

    public sealed override object Value { get; }
    public sealed override Type Type { get; }

    public static implicit operator AnyOf<T1, T2, T3>(T1 value) => value is null ? null : new(value);
    public static implicit operator AnyOf<T1, T2, T3>(T2 value) => value is null ? null : new(value);
    public static implicit operator AnyOf<T1, T2, T3>(T3 value) => value is null ? null : new(value);
    public static implicit operator T1(AnyOf<T1, T2, T3> anyOf) => anyOf.value1;
    public static implicit operator T2(AnyOf<T1, T2, T3> anyOf) => anyOf.value2;
    public static implicit operator T3(AnyOf<T1, T2, T3> anyOf) => anyOf.value3;
}
