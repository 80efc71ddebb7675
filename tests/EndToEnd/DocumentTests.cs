using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Empire.Testing;

namespace Empire.EndToEnd.Tests;

/// <summary>The API document of the running installation, joined from what its services say of themselves: whoever copies an example from it is understood.</summary>
[Collection(InstallationCollection.Name)]
public sealed class DocumentTests(Installation empire)
{
    /// <summary>What their examples name exists nowhere here, and is told so by its field.</summary>
    private static readonly string[] OfSomethingThatIsThere = ["ResetPassword", "RequestErasure", "RecordReferral", "SwitchTenant", "RecordMeasure"];

    [Fact]
    public async Task Every_body_has_an_example()
    {
        var bodies = ApiOperation.All(await empire.OwnerClient.GetJsonAsync("/openapi/v1.json")).Where(operation => operation.HasBody).ToList();
        Assert.True(bodies.Count > 50, $"The document names only {bodies.Count} bodies.");
        var without = bodies.Where(body => body.Example is null).Select(body => $"{body.Method} {body.Path}").ToList();
        Assert.True(without.Count == 0, $"Give these an <example> in the docstring of their request:\n{string.Join('\n', without)}");
    }

    /// <summary>Whoever writes a client sees what comes back. <c>answers-without-example.txt</c> lists what is still without, and only gets shorter.</summary>
    [Fact]
    public async Task Every_answer_has_an_example_of_its_own_fields_or_stands_in_the_list_of_those_still_without()
    {
        using var stream = typeof(DocumentTests).Assembly.GetManifestResourceStream("answers-without-example.txt")!;
        using var reader = new StreamReader(stream);
        var still = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').ToHashSet(StringComparer.Ordinal);
        var document = await empire.OwnerClient.GetJsonAsync("/openapi/v1.json");
        var (without, wrong, with) = (new HashSet<string>(StringComparer.Ordinal), new List<string>(), 0);
        foreach (var operation in ApiOperation.All(document).Where(operation => !operation.Json.TryGetProperty("x-not-yet-available", out _)))
        {
            foreach (var answer in operation.Json.GetProperty("responses").EnumerateObject().Where(answer => answer.Name[0] == '2'))
            {
                if (!answer.Value.TryGetProperty("content", out var content) || !content.TryGetProperty("application/json", out var json)) continue;
                var schema = ApiOperation.Resolve(document, json.GetProperty("schema"));
                if (!schema.TryGetProperty("examples", out var examples)) without.Add($"{operation.Method} {operation.Path}");
                else
                {
                    with++;
                    var (shown, fields) = (examples[0].EnumerateObject().Select(field => field.Name).Order().ToList(), schema.GetProperty("properties").EnumerateObject().Select(field => field.Name).Order().ToList());
                    if (!shown.SequenceEqual(fields)) wrong.Add($"{operation.Method} {operation.Path} shows {string.Join(", ", shown)}; it has {string.Join(", ", fields)}");
                }
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(without.IsSubsetOf(still), $"Give these an <example> in the docstring of their answer:\n{string.Join('\n', without.Except(still).Order())}");
        Assert.True(still.IsSubsetOf(without), $"These have an example, or are gone; take them off the list:\n{string.Join('\n', still.Except(without).Order())}");
        Assert.True(with > 60, $"Only {with} answers have one.");
        foreach (var path in (string[])["/api/v1/effects/halt", "/api/v1/effects/resume"])
            Assert.Contains("reason", ApiOperation.All(document).Single(operation => operation.Path == path).Example, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_parameter_of_a_query_is_written_as_the_fields_are()
    {
        var names = from operation in ApiOperation.All(await empire.OwnerClient.GetJsonAsync("/openapi/v1.json"))
                    where operation.Json.TryGetProperty("parameters", out _)
                    from parameter in operation.Json.GetProperty("parameters").EnumerateArray()
                    where parameter.GetProperty("in").GetString() == "query"
                    select (operation, Name: parameter.GetProperty("name").GetString()!);
        Assert.Equal([], names.Where(one => one.Name.Any(char.IsAsciiLetterUpper)).Select(one => $"{one.operation.Method} {one.operation.Path} {one.Name}"));
        Assert.Contains("limit", names.Select(one => one.Name));
    }

    [Fact]
    public async Task Every_example_is_understood_as_it_stands()
    {
        await empire.HealthyAsync();
        using var account = await empire.NewTenantAsync("reader of the document");
        var misunderstood = new List<string>();
        foreach (var operation in ApiOperation.All(await account.GetJsonAsync("/openapi/v1.json")).Where(operation => operation.Example is not null))
        {
            using var request = operation.Request();
            using var answer = await account.SendAsync(request);
            var told = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode is HttpStatusCode.BadRequest && OfSomethingThatIsThere.Contains(operation.Name)) continue;
            if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity or HttpStatusCode.MethodNotAllowed or >= HttpStatusCode.InternalServerError)
                misunderstood.Add($"{operation.Method} {operation.Path} ({operation.Name}) {operation.Example}\n    {(int)answer.StatusCode} {told}");
        }
        Assert.True(misunderstood.Count == 0, string.Join('\n', misunderstood));
    }

    /// <summary>Of what they name, only the customer is the reader's own to fill in.</summary>
    [Fact]
    public async Task The_examples_of_subscriptions_begin_one_and_move_it_to_another_price()
    {
        using var market = new Market(empire);
        var operations = ApiOperation.All(await market.Owner.GetJsonAsync("/openapi/v1.json")).Where(operation => operation.Method == "POST").ToDictionary(operation => operation.Path);
        var wanted = JsonNode.Parse(operations["/api/v1/revenue/subscriptions"].Example!)!;
        wanted["customer_id"] = await market.CustomerAsync();
        var (status, begun) = await Market.TryAsync(market.Owner, "/api/v1/revenue/subscriptions", wanted);
        Assert.True(status is HttpStatusCode.Created or HttpStatusCode.Accepted, $"{status} {begun}");
        var subscription = $"/api/v1/revenue/subscriptions/{Market.Text(begun, "subscription_id")}";
        await Eventually.EqualAsync("trialing", async () => Market.Text(await market.Owner.GetJsonAsync(subscription), "status"));
        Assert.Equal((12m, "month"), Of(await market.Owner.GetJsonAsync(subscription)));

        var change = operations.Single(operation => operation.Value.Example?.Contains("price_coffee_yearly", StringComparison.Ordinal) == true);
        await market.PostAsync($"{subscription}/{change.Key.Split('/')[^1]}", JsonNode.Parse(change.Value.Example!)!);
        await Eventually.EqualAsync((120m, "year"), async () => Of(await market.Owner.GetJsonAsync(subscription)));

        static (decimal, string) Of(JsonElement subscription) => (subscription.GetProperty("amount").GetDecimal(), Market.Text(subscription, "period"));
    }

    [Fact]
    public async Task Signing_up_takes_an_address_and_its_example_signs_up()
    {
        using var stranger = new HttpClient { BaseAddress = empire.Gateway };
        var document = await stranger.GetJsonAsync("/openapi/v1.json");
        var signUp = ApiOperation.All(document).Single(operation => operation is { Method: "POST", Path: "/api/signup" });
        Assert.Empty(signUp.Json.GetProperty("security").EnumerateArray());
        var schema = ApiOperation.Resolve(document, ApiOperation.SchemaOf(signUp.Json)!.Value);
        Assert.Equal("email", schema.GetProperty("properties").GetProperty("email").GetProperty("format").GetString());
        using var content = new StringContent(signUp.Example!, Encoding.UTF8, "application/json");
        using var answer = await stranger.PostAsync(new Uri("/api/signup", UriKind.Relative), content);
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict, await answer.Content.ReadAsStringAsync());   // taken by whoever tried it before
    }
}
