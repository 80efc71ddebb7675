using System.Reflection;

namespace Stripe.Tests.Description;

/// <summary>Every name, place and kind that this library knows, against Stripe's own description of the API version it speaks.</summary>
public sealed class ApiDescriptionTests
{
    [Fact]
    public void The_description_is_of_the_version_that_requests_name() => Assert.Equal(StripeConfiguration.ApiVersion, ApiDescription.OrSkip().Version);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Every_call_goes_to_a_described_path_with_described_parameters(int variant)
    {
        var description = ApiDescription.OrSkip();
        await using var server = await StripeServer.StartAsync();
        server.Default = request => new(200, description.Find(request.Method, request.Path) is { } operation ? Example.Of(description, operation.Answer, 0)!.ToJsonString() : "{}");
        var client = server.Client();
        var calls = 0;
        foreach (var call in Calls.All)
        {
            calls++;
            await Calls.InvokeAsync(call, client, variant);
        }
        Assert.True(calls > 150, $"Only {calls} calls were found.");
        var sent = server.Requests.Sum(request => request.Fields.Count);
        Assert.True(sent > 2500, $"Only {sent} parameters were sent.");
        AssertNone(server.Requests.SelectMany(request => ParameterCheck.Problems(description, request)).Distinct());
    }

    [Fact]
    public void Every_property_of_an_answer_is_described_under_its_name_and_of_its_kind()
    {
        var description = ApiDescription.OrSkip();
        var check = new EntityCheck(description);
        foreach (var (call, answer) in Answers(description)) check.Compare(call, answer, call.Name);
        Assert.True(check.Properties > 1000, $"Only {check.Properties} properties were compared.");
        AssertNone(check.Problems.Distinct());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Answers_made_from_the_description_are_read(int expand)
    {
        var description = ApiDescription.OrSkip();
        var problems = new List<string>();
        foreach (var (type, answer) in Answers(description))
        {
            var json = Example.Of(description, answer, expand)!.ToJsonString();
            var read = System.Text.Json.JsonSerializer.Deserialize(json, type, Stripe.Json.StripeJson.Options)!;
            var again = System.Text.Json.JsonSerializer.Deserialize(((StripeEntity)read).ToJson(), type, Stripe.Json.StripeJson.Options)!;
            foreach (var property in type.GetProperties().Where(property => property.Name != nameof(StripeEntity.StripeResponse)))
            {
                if (property.GetValue(read) is null && !MayBeAbsent(property, expand)) problems.Add($"{type.Name}.{property.Name} was not read");
                if (property.GetValue(read) is not null && property.GetValue(again) is null) problems.Add($"{type.Name}.{property.Name} was not written");
            }
        }
        AssertNone(problems.Distinct());
    }

    [Fact]
    public void Every_name_of_an_event_can_be_subscribed_to()
    {
        var words = ApiDescription.OrSkip().Find("POST", "/v1/webhook_endpoints")!.Parameter("enabled_events")!.Map("items")!.Words("enum")!;
        var named = typeof(Events).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToList();
        Assert.True(named.Count > 200);
        Assert.Empty(named.Except(words));
        Assert.Equal(["*"], words.Except(named));
    }

    /// <summary>The objects that calls answer with, each once.</summary>
    static IEnumerable<(Type Type, YamlDotNet.RepresentationModel.YamlMappingNode Answer)> Answers(ApiDescription description) =>
        Calls.All.Where(call => call.ReturnType.GetGenericTypeDefinition() == typeof(Task<>))
            .Select(call => (Type: call.ReturnType.GetGenericArguments()[0], Route: Routes.Of(call)))
            .DistinctBy(answer => answer.Type)
            .Select(answer => (answer.Type, description.Find(answer.Route.Method, answer.Route.Path)!.Answer));

    /// <summary>Objects that were not asked for; "deleted" is only in the answer to a deletion.</summary>
    static bool MayBeAbsent(PropertyInfo property, int expand) => property.Name == "Deleted"
        || (property.DeclaringType!.GetProperty(property.Name + "Id") is not null && (expand == 0 || property.PropertyType.IsInterface))
        || (property.DeclaringType.GetProperty(property.Name[..^1] + "Ids") is not null && expand == 0);

    static void AssertNone(IEnumerable<string> problems)
    {
        var all = problems.Order(StringComparer.Ordinal).ToList();
        if (all.Count > 0) Assert.Fail($"{all.Count} differences:\n{string.Join('\n', all)}");
    }
}
