using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Empire.Gateway.Static;

/// <summary>Files of the installation's own, as the agent's program, which come and go while the gateway runs. Beside each file NAME there is NAME.sha256, in the form of sha256sum.</summary>
/// <param name="folder">All that lies in it is public, but for names that begin with a dot.</param>
internal sealed class Downloads(string folder, TimeProvider clock)
{
    private const string Sum = ".sha256";
    private const string RetryAfterSeconds = "10"; // making the agent's program takes half a minute

    /// <summary>A promise that is older was made by somebody who died over it.</summary>
    private static readonly TimeSpan PromiseHolds = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, (long Bytes, DateTime Written, string Sum)> sums = new(StringComparer.Ordinal);

    /// <returns>Null where there is no such file. A name with a folder in it, or one that begins with a dot, is none.</returns>
    public IResult? Serve(string name, HttpContext context)
    {
        if (name.StartsWith('.') || name != Path.GetFileName(name)) return null;
        var file = new FileInfo(Path.Combine(folder, name));
        if (file.Exists)
        {
            context.Response.Headers.CacheControl = StaticAssets.Soon;
            return Results.File(file.FullName, "application/octet-stream", lastModified: new DateTimeOffset(file.LastWriteTimeUtc), enableRangeProcessing: true);
        }
        if (IsComing(name))
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            return new Refusal("service-unavailable", $"{name} is being made. Try again shortly.").ToProblem(StatusCodes.Status503ServiceUnavailable);
        }
        if (!name.EndsWith(Sum, StringComparison.Ordinal)) return null;
        var of = name[..^Sum.Length];
        if (SumOf(new(Path.Combine(folder, of))) is not { } sum) return null;
        context.Response.Headers.CacheControl = "no-cache"; // kept longer than the file, it would call a good one broken
        return Results.Text($"{sum}  {of}\n");
    }

    /// <summary>Whoever makes the file NAME puts an empty .NAME.coming here, and takes it away at the end; see <c>./empire agent</c>.</summary>
    private bool IsComing(string name)
    {
        var promise = new FileInfo(Path.Combine(folder, $".{name}.coming"));
        return promise.Exists && clock.GetUtcNow().UtcDateTime - promise.LastWriteTimeUtc < PromiseHolds;
    }

    /// <summary>Of 18 MB some 20 ms, so it is kept until the file is another.</summary>
    private string? SumOf(FileInfo file)
    {
        if (!file.Exists) return null;
        var (bytes, written) = (file.Length, file.LastWriteTimeUtc);
        if (sums.TryGetValue(file.Name, out var known) && (known.Bytes, known.Written) == (bytes, written)) return known.Sum;
        using var content = file.OpenRead();
        var sum = Convert.ToHexStringLower(SHA256.HashData(content));
        sums[file.Name] = (bytes, written, sum);
        return sum;
    }
}
