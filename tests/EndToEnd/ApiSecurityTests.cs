using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Empire.Testing;

namespace Empire.EndToEnd.Tests;

/// <summary>The ten risks of the OWASP API Security Top 10 of 2023, each tried at the door of the running installation.</summary>
[Collection(InstallationCollection.Name)]
public sealed partial class ApiSecurityTests(Installation empire)
{
    private const int AtOnce = 8;

    [Fact]
    public async Task Api1_no_operation_tells_a_stranger_more_of_an_accounts_ids_than_of_ids_that_do_not_exist()
    {
        using var shop = new Shop(empire.Sandbox);
        using var account = await empire.NewTenantAsync("walked");
        using var stranger = await empire.NewTenantAsync("walker");
        await account.FurnishAsync(await shop.FeedAsync(50, 1));
        var operations = ApiOperation.All(await account.GetJsonAsync("/openapi/v1.json")).Where(operation => !operation.Json.TryGetProperty("x-not-yet-available", out _) && !operation.IsAnybodys).ToList();
        var ids = await account.IdsAsync(operations);
        Assert.True(ids.Count > 12, $"Only {string.Join(", ", ids)} is known of the account.");
        var before = await StateAsync(account);

        var faults = new List<string>();
        foreach (var operation in operations.Where(operation => !operation.HasParameters && operation.Method == "GET"))
        {
            var (_, told) = await AskAsync(stranger, operation, "");
            if (ids.FirstOrDefault(id => id.Length >= 16 && told.Contains(id, StringComparison.OrdinalIgnoreCase)) is { } leak) faults.Add($"{operation.Method} {operation.Path} shows {leak}");
        }
        await Parallel.ForEachAsync(
            from operation in operations where operation.HasParameters from id in ids select (operation, id), new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (one, _) =>
            {
                var nothing = Unlike(one.id);
                var (status, told) = await AskAsync(stranger, one.operation, one.id);
                var (wanted, control) = await AskAsync(stranger, one.operation, nothing);
                if (status != wanted || Plain(told, one.id) != Plain(control, nothing))
                    lock (faults) faults.Add($"{one.operation.Method} {one.operation.Path} of {one.id}: {(int)status} {told}; of what does not exist: {(int)wanted} {control}");
            });
        Assert.Empty(faults);
        Assert.Equal(before, await StateAsync(account));
        var seen = 0;
        foreach (var operation in operations.Where(operation => operation is { HasParameters: true, Method: "GET" }))
            foreach (var id in ids)
                if ((await AskAsync(account, operation, id)).Status == HttpStatusCode.OK) { seen++; break; }
        Assert.True(seen >= 8, $"Its owner sees only {seen} kinds of things: the walk proves little.");
    }

    [Fact]
    public async Task Api2_only_whole_credentials_of_living_sessions_and_keys_are_taken_and_a_session_is_never_the_one_before()
    {
        using var person = await Person.SignedUpAsync(empire);
        var token = (await person.Http.PostJsonAsync("/api/auth/token", null)).GetProperty("access_token").GetString()!;
        Assert.Equal(HttpStatusCode.OK, (await WithAsync(token)).Status);
        var parts = token.Split('.');
        var none = $"{Base64Url("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.";
        var altered = $"{parts[0]}.{parts[1][..^2]}{(parts[1][^2] == 'A' ? 'B' : 'A')}{parts[1][^1]}.{parts[2]}";
        foreach (var bad in (string[])[none, altered, $"{parts[0]}.{parts[1]}.", $"{parts[0]}.{parts[1]}.{new string('A', parts[2].Length)}", "gopt_", "gopt_" + new string('a', 24), "Bearer"])
            Assert.Equal((HttpStatusCode.Unauthorized, "INVALID_API_KEY"), await WithAsync(bad));

        // Whoever planted a cookie in a browser does not know the one that signing in gives.
        using var door = Person.Browser(empire);
        const string planted = "__Host-empire-session=planted-by-somebody-else";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/login") { Content = JsonContent.Create(new { email = person.Email, password = Person.Password }), Headers = { { "Cookie", planted } } };
        using var answer = await door.SendAsync(request);
        Assert.DoesNotContain(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith(planted, StringComparison.Ordinal));
        // Who has no account here is told the same as who has.
        Assert.Equal(await Person.AskAsync(door, HttpMethod.Post, "/api/auth/login", new { email = person.Email, password = "wrong" }),
            await Person.AskAsync(door, HttpMethod.Post, "/api/auth/login", new { email = Person.NewEmail(), password = "wrong" }));
        await person.Http.PostAsync(new Uri("/api/auth/logout", UriKind.Relative), null);
        await Eventually.EqualAsync((HttpStatusCode.Unauthorized, "INVALID_API_KEY"), () => WithAsync(token)!);

        async Task<(HttpStatusCode Status, string? Code)> WithAsync(string credential)
        {
            using var client = Person.Browser(empire);
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {credential}");
            return await Person.AskAsync(client, HttpMethod.Get, "/api/v1/identity/me");
        }
    }

    [Fact]
    public async Task Api3_no_request_sets_what_is_not_its_senders_to_set()
    {
        using var account = await empire.NewTenantAsync("ambitious");
        var id = (await account.GetJsonAsync("/api/v1/identity/me")).GetProperty("tenant").GetString();
        var taken = new List<string>();
        foreach (var operation in ApiOperation.All(await account.GetJsonAsync("/openapi/v1.json")).Where(operation => operation.Example is not null))
        {
            foreach (var field in (string[])["\"is_operator\":true", "\"tenant_id\":\"00000000-0000-0000-0000-000000000001\"", "\"operator\":true"])
            {
                var separator = operation.Example!.TrimEnd()[..^1].TrimEnd().EndsWith('{') ? "" : ",";
                using var request = operation.Request();
                request.Content = new StringContent($"{operation.Example.TrimEnd()[..^1]}{separator}{field}}}", Encoding.UTF8, "application/json");
                using var answer = await account.SendAsync(request);
                if (answer.IsSuccessStatusCode) taken.Add($"{operation.Method} {operation.Path} takes {field}");
            }
        }
        Assert.Empty(taken);
        var me = await account.GetJsonAsync("/api/v1/identity/me");
        Assert.Equal((id, "owner"), (me.GetProperty("tenant").GetString(), me.GetProperty("role").GetString()));
    }

    [Fact]
    public async Task Api4_no_request_takes_more_than_its_share()
    {
        using var account = await empire.NewTenantAsync("greedy");
        foreach (var limit in (string[])["0", "-1", "1000000", "9223372036854775808"])
            Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), await Person.AskAsync(account, HttpMethod.Get, $"/api/v1/content/pieces?limit={limit}"));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "CONTENT_TOO_LARGE"), await SendAsync($"{{\"name\":\"{new string('x', 1_100_000)}\"}}"));
        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), await SendAsync(new string('[', 500_000)));
        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), await SendAsync($"{{\"name\":\"x\",\"scopes\":[{string.Join(',', Enumerable.Repeat("\"content:read\"", 20_000))}]}}"));

        async Task<(HttpStatusCode, string?)> SendAsync(string body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/identity/keys") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.ExpectContinue = true;   // else the refusal may meet a client that is still sending
            using var answer = await account.SendAsync(request);
            return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task Api5_a_viewer_changes_nothing_and_only_the_operator_runs_the_installation()
    {
        using var account = await empire.NewTenantAsync("roles");
        using var viewer = empire.ClientFor((await account.PostJsonAsync("/api/v1/identity/keys", JsonContent.Create(new { name = "looks", role = "viewer" }))).GetProperty("api_key").GetString()!);
        var operations = ApiOperation.All(await account.GetJsonAsync("/openapi/v1.json")).Where(operation => !operation.IsAnybodys).ToList();
        var faults = new List<string>();
        foreach (var operation in operations.Where(operation => operation.Method != "GET"))
        {
            using var request = operation.Request();
            using var answer = await viewer.SendAsync(request);
            if (answer.IsSuccessStatusCode) faults.Add($"A viewer may {operation.Method} {operation.Path} ({operation.Name})");
        }
        foreach (var operation in operations.Where(operation => operation.Path.StartsWith("/admin", StringComparison.Ordinal) && !operation.Path.StartsWith("/admin/access-controls", StringComparison.Ordinal)))
        {
            using var request = operation.Request();
            using var answer = await account.SendAsync(request);
            if (answer.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.NotImplemented)) faults.Add($"An owner who is no operator is told {(int)answer.StatusCode} by {operation.Method} {operation.Path}");
        }
        foreach (var path in (string[])["/api/v1/effects/halt", "/api/v1/effects/resume"]) Assert.Equal(HttpStatusCode.Forbidden, (await Person.AskAsync(account, HttpMethod.Post, path, new { reason = "mine" })).Status);
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Api6_what_may_be_had_once_is_had_once_however_many_ask_at_the_same_time()
    {
        using var door = Person.Browser(empire);
        var email = Person.NewEmail();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Person.AskAsync(door, HttpMethod.Post, "/api/signup", new { email })));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(9, answers.Count(answer => answer.Status == HttpStatusCode.Conflict));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://127.0.0.1:6379/_FLUSHALL")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://user:password@169.254.169.254/latest/meta-data")]
    [InlineData("//169.254.169.254/latest")]
    [InlineData("http://")]
    public async Task Api7_an_address_that_is_no_web_page_is_refused_wherever_one_is_taken(string address)
    {
        using var account = await empire.NewTenantAsync("curious");
        var product = new { name = "Grinder", niche = "coffee", url = address };
        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), await Person.AskAsync(account, HttpMethod.Post, "/api/v1/content/pieces", new { kind = "blog_post", product }));
        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), await Person.AskAsync(account, HttpMethod.Post, "/api/v1/revenue/payments", new { customer_id = "cust_0199f3a17c5b7d3e8a4b5c6d7e8f9012", amount = 1, return_url = address }));
        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), await Person.AskAsync(account, HttpMethod.Post, "/api/v1/revenue/sellers/x/onboarding", new { refresh_url = address, return_url = "https://shop.example.com" }));
        var feed = await account.PostJsonAsync("/api/v1/autopilot/feeds", new StringContent(
            $"id,name,brand,niche,price,currency,url,image_url\n1,Grinder,Mill,coffee,10,USD,{address},\n2,Kettle,Mill,coffee,10,USD,https://shop.example.com/kettle,{address}\n3,Cup,Mill,coffee,10,USD,https://shop.example.com/cup,\n", Encoding.UTF8, "text/csv"));
        Assert.Equal((1, 2), (feed.GetProperty("accepted").GetInt32(), feed.GetProperty("rejected").GetInt32()));
    }

    [Fact]
    public async Task Api8_every_answer_keeps_its_headers_and_its_insides_to_itself()
    {
        using var nobody = Person.Browser(empire);
        foreach (var (method, path) in ((string, string)[])[("GET", "/"), ("GET", "/nothing"), ("GET", "/api/nothing"), ("POST", "/api/signup"), ("TRACE", "/api/usage"), ("GET", "/docs"), ("GET", "/r/nothing1"), ("GET", "/api/usage")])
        {
            using var answer = await nobody.SendAsync(new(new(method), path));
            Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.False(answer.Headers.Contains("Server") || answer.Headers.Contains("X-Powered-By"));
            var body = await answer.Content.ReadAsStringAsync();
            foreach (var inside in (string[])["   at ", "Npgsql", "Exception", ".cs:line", "127.0.0.1"]) Assert.DoesNotContain(inside, method == "GET" && path is "/docs" or "/" ? "" : body, StringComparison.Ordinal);
            if (method == "TRACE") Assert.True((int)answer.StatusCode >= 400);
        }
    }

    [Fact]
    public async Task Api9_nothing_answers_that_the_document_does_not_name()
    {
        using var owner = Person.Browser(empire);
        owner.DefaultRequestHeaders.Authorization = empire.OwnerClient.DefaultRequestHeaders.Authorization;
        foreach (var path in (string[])["/internal/openapi/v1.json", "/health/ready/identity", "/metrics", "/api/v2/content/pieces", "/api/v0/usage", "/swagger/index.html", "/actuator", "/.env", "/.git/config", "/control/mail", "/empire.identity.v1.Identity/OpenCredential"])
            Assert.Equal((path, HttpStatusCode.NotFound), (path, (await Person.AskAsync(owner, HttpMethod.Get, path)).Status));
    }

    [Fact]
    public async Task Api10_what_outsiders_report_is_believed_by_its_signature_alone()
    {
        using var outsider = Person.Browser(empire);
        foreach (var path in (string[])["/api/conversions/meadow", "/api/conversions/harbor", "/payment/flutterwave/webhook", "/payment/flutterwave/callback", "/payment/nowpayments/webhook", "/api/v1/revenue/webhooks/stripe"])
        {
            using var content = new StringContent("""{"id":"evt_1","type":"charge.succeeded","data":{"id":1,"status":"successful"}}""", Encoding.UTF8, "application/json");
            content.Headers.TryAddWithoutValidation("Stripe-Signature", "t=1,v1=00");
            content.Headers.TryAddWithoutValidation("verif-hash", "guess");
            content.Headers.TryAddWithoutValidation("x-nowpayments-sig", "00");
            using var answer = await outsider.PostAsync(path, content);
            Assert.True(answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest, $"{path}: {(int)answer.StatusCode}");
        }
    }

    [Fact]
    public async Task A_line_break_in_what_is_sent_begins_no_line_of_a_log_and_no_header()
    {
        var mark = $"INJECTED{Guid.CreateVersion7():N}";
        using var nobody = Person.Browser(empire);
        using var answer = await nobody.GetAsync(new Uri($"/r/abcdefgh?utm_source=a%0d%0aX-Evil:%20{mark}%0a{{%22level%22:%22ERROR%22}}", UriKind.Relative));
        Assert.False(answer.Headers.Contains("X-Evil"));
        await Person.AskAsync(nobody, HttpMethod.Post, "/api/auth/login", new { email = $"a@example.test\r\n{mark}", password = $"x\n{mark}" });
        nobody.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", $"agent {mark}");
        nobody.DefaultRequestHeaders.TryAddWithoutValidation("traceparent", $"00-{mark}");
        await Person.AskAsync(nobody, HttpMethod.Get, $"/api/nothing%0a{mark}");
        foreach (var resource in (string[])["gateway", "identity", "analytics"])
            Assert.DoesNotContain((await empire.LogAsync(resource)).Split('\n'), line => line.Contains(mark, StringComparison.Ordinal) && !line.StartsWith('{'));
    }

    [Fact]
    public async Task A_redirect_leads_where_its_link_leads_and_nowhere_else()
    {
        using var shop = new Shop(empire.Sandbox);
        using var account = await empire.NewTenantAsync("redirected");
        await account.RunCycleAsync(await shop.FeedAsync(52, 1));
        var link = await WholeCycleTests.FirstTrackedLinkAsync(empire, (await account.GetAllAsync("/api/v1/publications?channel=blog")).First(publication => publication.GetProperty("kind").GetString() == "blog_post"));
        using var visitor = Person.Browser(empire);
        var shown = await LocationAsync(link);
        foreach (var query in (string[])["url=https://evil.example", "next=//evil.example", "destination=https://evil.example", "utm_source=https://evil.example"])
            Assert.Equal((shown.Authority, shown.AbsolutePath), ((await LocationAsync($"{link}?{query}")) is var there ? (there.Authority, there.AbsolutePath) : default));
        foreach (var path in (string[])["/r/https:%2f%2fevil.example", "/r//evil.example", "/r/%2f%2fevil.example"])
            Assert.Equal(HttpStatusCode.NotFound, (await Person.AskAsync(visitor, HttpMethod.Get, path)).Status);
        using var signIn = await visitor.PostAsJsonAsync("/api/auth/login?next=https://evil.example&return_url=//evil.example", new { email = "a@example.test", password = "x" });
        Assert.Null(signIn.Headers.Location);

        async Task<Uri> LocationAsync(string path)
        {
            using var answer = await visitor.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            return answer.Headers.Location!;
        }
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpClient client, ApiOperation operation, string id)
    {
        using var request = operation.Request(id);
        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What the account has, as its own lists show it.</summary>
    private static async Task<string> StateAsync(HttpClient account)
    {
        var counts = new List<string>();
        foreach (var path in (string[])["/api/v1/content/pieces", "/api/v1/publications", "/api/v1/identity/keys", "/api/v1/identity/credentials", "/api/v1/revenue/customers", "/api/v1/autopilot/cycles"])
            counts.Add($"{path}: {Volatile().Replace((await account.GetJsonAsync(path)).GetRawText(), "")}");
        return string.Join('\n', counts);
    }

    private static string Unlike(string id)
    {
        var guid = GuidLike().Match(id);
        return guid.Success
            ? id.Replace(guid.Value, Guid.CreateVersion7().ToString(guid.Value.Contains('-', StringComparison.Ordinal) ? "D" : "N"), StringComparison.Ordinal)
            : string.Concat(id.Select((character, at) => char.IsAsciiLetterLower(character) ? (char)('a' + (character - 'a' + 7 + at) % 26) : char.IsAsciiLetterUpper(character) ? (char)('A' + (character - 'A' + 7 + at) % 26) : character));
    }

    private static string Plain(string body, string id) => Once().Replace(body.Replace(id, "(id)", StringComparison.OrdinalIgnoreCase), "(once)");

    private static string Base64Url(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    [GeneratedRegex("[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex GuidLike();

    [GeneratedRegex("\"trace_id\":\"[^\"]*\"|[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}|\\d{4}-\\d\\d-\\d\\dT[^\"]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Once();

    /// <summary>What changes by being looked at.</summary>
    [GeneratedRegex("\"(last_used_at|views|last_used|updated_at)\": ?[^,}]*")]
    private static partial Regex Volatile();
}
