namespace Empire.Bench;

/// <summary>One verb of <c>./empire bench</c>: it measures ours and a named floor in the same run and prints both figures and their ratio.</summary>
internal interface IBenchmark
{
    string Name { get; }

    /// <summary>One line for the list of verbs.</summary>
    string Summary { get; }

    Task RunAsync(CancellationToken ct);
}
