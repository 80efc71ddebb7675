using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Empire.Logging;

/// <summary>The function and source line that logged. Looking up a line in the symbols is slow, so each place is looked up once.</summary>
/// <param name="Line">0 where the symbols are missing.</param>
internal sealed record LogOrigin(string Function, int Line)
{
    private static readonly ConcurrentDictionary<(MethodBase Method, int Offset, int Event), LogOrigin> Known = new();

    /// <summary>Where a function said an event while it was still compiled line by line: once the compiler has inlined the generated log method into it, the runtime no longer knows.</summary>
    private static readonly ConcurrentDictionary<(MethodBase Method, int Event), int> Lines = new();

    /// <summary>Walks up from the formatter to the first function that is neither logging nor a generated log method.</summary>
    /// <param name="id">0 where the event has none; numbers are unique in a class.</param>
    public static LogOrigin? Find(EventId id)
    {
        var frames = new StackTrace(false).GetFrames();
        var passedLogging = false;
        for (var i = 0; i < frames.Length; i++)
        {
            if (frames[i].GetMethod() is not { DeclaringType: { } type } method) continue;
            var logging = type.Namespace is "Microsoft.Extensions.Logging" or "Microsoft.Extensions.Logging.Console";
            passedLogging |= logging;
            if (logging || !passedLogging || IsGenerated(method)) continue;
            return Known.GetOrAdd((method, frames[i].GetILOffset(), id.Id), place => new(NameOf(method, type), LineOf(place.Method, place.Offset, place.Event)));
        }
        return null;
    }

    /// <summary>Known by method and offset, never by counting frames: how many stand between depends on what the compiler has inlined by now.</summary>
    private static int LineOf(MethodBase method, int offset, int id)
    {
        var line = new StackTrace(true).GetFrames().FirstOrDefault(frame => frame.GetILOffset() == offset && frame.GetMethod() == method)?.GetFileLineNumber() ?? 0;
        if (id == 0) return line;
        if (line > 0) Lines[(method, id)] = line;
        return line > 0 ? line : Lines.GetValueOrDefault((method, id));
    }

    /// <summary>The body of a [LoggerMessage] method carries [GeneratedCode].</summary>
    private static bool IsGenerated(MethodBase method) => method.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), false);

    /// <summary>An async method runs as <c>MoveNext</c> of a type called <c>&lt;HandleAsync&gt;d__1</c>.</summary>
    private static string NameOf(MethodBase method, Type type)
    {
        var stateMachine = method.Name == "MoveNext" && type.IsDefined(typeof(CompilerGeneratedAttribute), false);
        var name = stateMachine ? type.Name : method.Name;
        return name.StartsWith('<') && name.IndexOf('>', StringComparison.Ordinal) is > 1 and var end ? name[1..end] : name;
    }
}
