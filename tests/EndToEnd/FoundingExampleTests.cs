using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Empire.EndToEnd.Tests;

/// <summary>The examples that the founding documents print, run as they stand there against the gateway: only their placeholders (the host, the key, the customer) are filled in.
/// <c>EMPIRE_SEEDS</c> names the folder of the documents; without it these tests are skipped.</summary>
[Collection(InstallationCollection.Name)]
public sealed partial class FoundingExampleTests(Installation empire)
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("EMPIRE_SEEDS");

    /// <summary>Speaks as the library of that name does, as far as the examples use it, so that they need nothing installed but Python itself.</summary>
    private const string Requests = """
        import json as _json, os, urllib.error, urllib.request

        class _Answer:
            def __init__(self, status, body): self.status_code, self._body = status, body
            def json(self): return _json.loads(self._body)

        def _ask(method, url, headers=None, json=None):
            request = urllib.request.Request(url, method=method, headers=dict(headers or {}), data=None if json is None else _json.dumps(json).encode())
            if json is not None: request.add_header("Content-Type", "application/json")
            try:
                with urllib.request.urlopen(request) as answer: return _Answer(answer.status, answer.read())
            except urllib.error.HTTPError as error: return _Answer(error.code, error.read())

        def get(url, headers=None): return _ask("GET", url, headers)
        def post(url, headers=None, json=None): return _ask("POST", url, headers, json)
        """;

    [Fact]
    public async Task From_signing_up_to_the_figures_each_request_is_answered_in_the_form_that_is_printed()
    {
        Assert.SkipWhen(Folder is null, "EMPIRE_SEEDS is not set.");
        var printed = Exchanges(Document("001")).ToDictionary(exchange => exchange.Path);
        using var door = Person.Browser(empire);
        var account = await AnswerAsync(door, printed["/api/signup"]);
        var key = account.GetProperty("api_key").GetString()!;
        door.DefaultRequestHeaders.Authorization = new("Bearer", key);
        await AnswerAsync(door, printed["/api/track-usage"], ("gopt_your_api_key", key));
        await AnswerAsync(door, printed["/api/upgrade"]);
        await AnswerAsync(door, printed["/api/stats"]);
    }

    [Fact]
    public async Task Every_curl_line_to_this_product_is_answered()
    {
        Assert.SkipWhen(Folder is null, "EMPIRE_SEEDS is not set.");
        using var account = await empire.NewTenantAsync("curl");
        var key = account.DefaultRequestHeaders.Authorization!.Parameter!;
        var sample = JsonSerializer.Deserialize<JsonElement>(Exchanges(Document("001")).Single(exchange => exchange.Path == "/api/track-usage").Request!).GetProperty("gpu_data").GetRawText();
        var commands = ((string[])["001", "002", "003"]).SelectMany(document => Blocks(Document(document), "bash")).SelectMany(Commands).ToList();
        Assert.True(commands.Count >= 4, "The documents print more than that.");
        foreach (var command in commands)
        {
            if (DownloadedFile(command) is { } file)
            {
                await DownloadsAndStartsAsync(Filled(command, key), file, key);
                continue;
            }
            var (code, output) = await RunAsync("bash", "-c", Filled(command, key).Replace("[...]", sample, StringComparison.Ordinal).Replace("curl ", "curl -sS ", StringComparison.Ordinal));
            Assert.True(code == 0, $"{command}\n{output}");
            if (command.Contains("curl -I", StringComparison.Ordinal)) Assert.StartsWith("HTTP/1.1", output, StringComparison.Ordinal);   // is anybody there?
            else if (command.Contains("-X POST", StringComparison.Ordinal) || !command.Contains("/api/track-usage", StringComparison.Ordinal)) Assert.DoesNotContain("\"code\"", output, StringComparison.Ordinal);
            else Assert.DoesNotContain("INVALID_API_KEY", output, StringComparison.Ordinal);   // it shows where the key goes, and asks with GET for what takes POST
        }
    }

    [Fact]
    public async Task Every_python_example_runs_or_its_path_says_that_it_is_not_built_yet()
    {
        Assert.SkipWhen(Folder is null, "EMPIRE_SEEDS is not set.");
        using var market = new Market(empire);
        var key = empire.OwnerClient.DefaultRequestHeaders.Authorization!.Parameter!;
        var customer = await market.CustomerAsync();
        var later = ApiOperation.All(await empire.OwnerClient.GetJsonAsync("/openapi/v1.json")).Where(operation => operation.Json.TryGetProperty("x-not-yet-available", out _)).Select(operation => operation.Path).ToHashSet();
        var folder = Directory.CreateTempSubdirectory("founding-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "requests.py"), Requests);
            var examples = Blocks(Document("002"), "python").Where(block => block.Contains("yourdomain.com", StringComparison.Ordinal)).ToList();
            Assert.True(examples.Count >= 5, "The document prints more than that.");
            foreach (var example in examples)
            {
                var file = Path.Combine(folder.FullName, "example.py");
                await File.WriteAllTextAsync(file, (example.Contains("import requests", StringComparison.Ordinal) ? "" : "import requests\n") + Filled(example, key).Replace("cust_abc123", customer, StringComparison.Ordinal));
                var (code, output) = await RunAsync("python3", file);
                if (later.Contains(PathIn(example))) await AssertNotBuiltAsync(example, empire.OwnerClient);
                else Assert.True(code == 0, $"{example}\n{output}");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The example may break over an answer that it does not expect; what it is answered says that this part is promised.</summary>
    private static async Task AssertNotBuiltAsync(string example, HttpClient client)
    {
        using var request = new HttpRequestMessage(example.Contains("requests.post", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, PathIn(example));
        if (request.Method == HttpMethod.Post) request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request);
        var told = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode is System.Net.HttpStatusCode.NotImplemented, $"{PathIn(example)}: {(int)answer.StatusCode} {told}");
        Assert.Equal("NOT_YET_AVAILABLE", JsonSerializer.Deserialize<JsonElement>(told).GetProperty("code").GetString());
    }

    /// <summary>The file of a host's agent, fetched with the printed command and started as the lines after it say; here to tell which settings it has.</summary>
    private static async Task DownloadsAndStartsAsync(string command, string file, string key)
    {
        var folder = Directory.CreateTempSubdirectory("founding-");
        try
        {
            var (code, output) = await RunAsync("bash", "-c", $"cd '{folder.FullName}' && {command.Replace("curl ", "curl -sSf ", StringComparison.Ordinal)} && GPU_OPTIMIZER_API_KEY={key} GPU_OPTIMIZER_SERVER_URL= python3 {file}");
            Assert.True(code == 2 && output.StartsWith("GPU_OPTIMIZER_SERVER_URL is not set", StringComparison.Ordinal), $"{code} {output}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string? DownloadedFile(string command) => Download().Match(command) is { Success: true } download ? download.Groups["file"].Value : null;

    private string Filled(string example, string key) => Host().Replace(example, empire.Gateway.AbsoluteUri.TrimEnd('/')).Replace("gopt_your_api_key", key, StringComparison.Ordinal).Replace("your-api-key", key, StringComparison.Ordinal);

    private static string PathIn(string example) => AddressPath().Match(example).Groups["path"].Value;

    private static string Document(string number) => File.ReadAllText(Directory.GetFiles(Folder!, $"{number}_*.txt").Single());

    private static IEnumerable<string> Blocks(string document, string language) => Fence().Matches(document).Where(block => block.Groups["language"].Value == language).Select(block => block.Groups["text"].Value);

    /// <summary>The curl commands to this product, each with the lines it goes on in.</summary>
    private static IEnumerable<string> Commands(string block) =>
        Continued().Replace(block, " ").Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("curl ", StringComparison.Ordinal) && line.Contains("yourdomain.com", StringComparison.Ordinal));

    /// <summary>A path in bold with what is sent and what comes back; of a GET only the latter.</summary>
    private static IEnumerable<(string Method, string Path, string? Request, string Response)> Exchanges(string document)
    {
        foreach (Match exchange in Exchange().Matches(document))
        {
            var blocks = Fence().Matches(exchange.Groups["rest"].Value).Select(block => block.Groups["text"].Value).ToList();
            if (blocks.Count > 0) yield return (exchange.Groups["method"].Value, exchange.Groups["path"].Value, exchange.Groups["method"].Value == "POST" ? blocks[0] : null, blocks[^1]);
        }
    }

    private static async Task<JsonElement> AnswerAsync(HttpClient client, (string Method, string Path, string? Request, string Response) printed, params (string Placeholder, string Value)[] fill)
    {
        using var request = new HttpRequestMessage(new(printed.Method), new Uri(printed.Path, UriKind.Relative));
        if (printed.Request is { } body) request.Content = new StringContent(fill.Aggregate(body, (text, one) => text.Replace(one.Placeholder, one.Value, StringComparison.Ordinal)), System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request);
        var told = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{printed.Path}: {(int)answer.StatusCode} {told}");
        var json = JsonSerializer.Deserialize<JsonElement>(told);
        AssertForm(JsonSerializer.Deserialize<JsonElement>(printed.Response), json, printed.Path);
        return json;
    }

    /// <summary>Every field that is printed is there, and of that kind; there may be more.</summary>
    private static void AssertForm(JsonElement printed, JsonElement told, string where)
    {
        Assert.True(printed.ValueKind == told.ValueKind, $"{where} is {told.ValueKind}, and {printed.ValueKind} is printed");
        if (printed.ValueKind is not JsonValueKind.Object) return;
        foreach (var field in printed.EnumerateObject())
        {
            Assert.True(told.TryGetProperty(field.Name, out var value), $"{where} lacks {field.Name}: {told}");
            AssertForm(field.Value, value, $"{where}: {field.Name}");
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output + await error);
    }

    [GeneratedRegex(@"curl -o (?<file>\S+) \S+/static/", RegexOptions.ExplicitCapture)]
    private static partial Regex Download();

    [GeneratedRegex(@"https://(?:api\.)?yourdomain\.com")]
    private static partial Regex Host();

    [GeneratedRegex(@"https://(?:api\.)?yourdomain\.com(?<path>/[^""\s]*)", RegexOptions.ExplicitCapture)]
    private static partial Regex AddressPath();

    [GeneratedRegex(@"^[ \t]*```(?<language>\w+)\n(?<text>.*?)^[ \t]*```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex(@"^\*\*(?<method>GET|POST) (?<path>/api/[a-z-]+)\*\*\n(?<rest>.*?)(?=^\*\*(?:GET|POST) |^###|\z)", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Exchange();
}
