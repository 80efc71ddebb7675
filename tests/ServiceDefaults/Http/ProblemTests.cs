using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Empire.Http;
using Empire.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Empire.Tests.Http;

/// <summary>The one form of every error.</summary>
public sealed class ProblemTests : IAsyncLifetime
{
    public enum Roast { Light, FullCity }
    public sealed record Size(int Grams);
    public sealed record Coffee(string Name, Roast Roast, Size Size, decimal? Price = null);
    public sealed record Brew(string Name, bool Decaf, int Grams, decimal? Price = null);

    private TestSite site = null!;

    public async ValueTask InitializeAsync() => site = await TestSite.StartAsync(
        app =>
        {
            app.MapPost("/coffees", (Coffee coffee) => coffee);
            app.MapPost("/brews", (Brew brew) => brew);
            app.MapGet("/coffees", (int count) => count);
            app.MapGet("/api/v1/refused", () => new Refusal("sold-out", "No beans are left.").ToProblem());
            app.MapGet("/open", () => "open").AllowAnonymous();
            app.MapGet("/refused", () => new Refusal("sold-out", "No beans are left.").ToProblem());
            app.MapGet("/broken", IResult () => throw new InvalidOperationException("secret detail"));
            app.MapGet("/pages", ([AsParameters] PageRequest page) => page.ToPage(Enumerable.Range(page.After<Position>()?.Number + 1 ?? 0, page.Fetch).ToArray(), number => new Position(number)));
            app.MapGet("/checked", () => TypedResults.ValidationProblem(new Dictionary<string, string[]>
            {
                ["Roast.FirstName"] = [new RequiredAttribute().FormatErrorMessage("FirstName"), new StringLengthAttribute(9).FormatErrorMessage("FirstName")],
                ["Kind"] = [new OneOfAttribute("light", "dark", null).FormatErrorMessage("Kind"), "The kettle is cold."],
            }));
            app.MapGet("/api/v1/shut", IResult () => throw new UnreadableSecretException("The value is sealed by key 0badcafe, which Empire:EncryptionKeys does not list."));
            app.MapGet("/unavailable", IResult () => throw new ProviderException("Roastery", HttpStatusCode.BadGateway, "inner text"));
        },
        null, "--LOG_LEVEL=CRITICAL");

    public ValueTask DisposeAsync() => site.DisposeAsync();

    public readonly record struct Position(int Number);

    [Fact]
    public async Task A_refusal_has_every_member_of_the_form()
    {
        var answer = await site.As().GetAsync(new Uri("/api/v1/refused", UriKind.Relative));
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(
            ("urn:empire:sold-out", "Sold out", "No beans are left.", 409, "SOLD_OUT", "No beans are left."),
            (Text(problem, "type"), Text(problem, "title"), Text(problem, "detail"), problem.GetProperty("status").GetInt32(), Text(problem, "code"), Text(problem, "message")));
        Assert.Matches("^[0-9a-f]{32}$", Text(problem, "trace_id"));
    }

    [Theory]
    [InlineData("/pages?limt=3", "limt", "limt: is unknown; wanted: limit, cursor.")]
    [InlineData("/pages?limit=3&niche=tea", "niche", "niche: is unknown; wanted: limit, cursor.")]
    [InlineData("/refused?limit=3", "limit", "limit: is unknown; this takes no parameters in its query.")]
    public async Task A_parameter_that_a_list_does_not_have_is_refused_by_name_rather_than_ignored(string path, string field, string told)
    {
        using var answer = await site.As().GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.GetRawText());
        Assert.Equal(told, Text(problem, "message"));
    }

    [Fact]
    public async Task What_others_hang_on_the_links_of_open_pages_is_nobodys_fault_and_a_known_name_is_taken_in_any_case()
    {
        using var open = await site.Anonymous().GetAsync(new Uri("/open?utm_source=mail", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        using var loud = await site.As().GetAsync(new Uri("/pages?LIMIT=3&1763752000", UriKind.Relative));   // the last one only makes it another address to a cache
        Assert.Equal(HttpStatusCode.OK, loud.StatusCode);
    }

    [Fact]
    public async Task A_secret_that_no_key_opens_is_a_503_that_says_so_and_nothing_of_the_inside()
    {
        var answer = await site.As().GetAsync(new Uri("/api/v1/shut", UriKind.Relative));
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "SECRET_UNREADABLE"), (answer.StatusCode, Text(problem, "code")));
        Assert.DoesNotContain("0badcafe", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_the_older_paths_the_status_is_the_word_error_and_the_answer_keeps_its_code()
    {
        var answer = await site.As().GetAsync(new Uri("/refused", UriKind.Relative));
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.Conflict, "error", "SOLD_OUT", "No beans are left."), (answer.StatusCode, Text(problem, "status"), Text(problem, "code"), Text(problem, "message")));
    }

    [Theory]
    [InlineData("""{"name":"Yirga","roast":"light","size":{"grams":250},"colour":"red"}""", "colour")]
    [InlineData("""{"name":"Yirga","roast":"light","size":{"grams":250,"ounces":9}}""", "size.ounces")]
    [InlineData("""{"name":"Yirga","roast":"burnt","size":{"grams":250}}""", "roast")]
    [InlineData("""{"name":"Yirga","roast":1,"size":{"grams":250}}""", "roast")]
    [InlineData("""{"name":"Yirga","roast":"light","size":{"grams":"many"}}""", "size.grams")]
    [InlineData("""{"name":null,"roast":"light","size":{"grams":250}}""", "name")]
    [InlineData("""{"roast":"light","size":{"grams":250}}""", "name")]
    [InlineData("""{"name":"Yirga","roast":"light","size":{}}""", "size.grams")]
    [InlineData("""{"name":"Yirga","roast":"light","size":{"grams":250},"price":"a lot"}""", "price")]
    [InlineData("""{"name":"Yirga",""", "body")]
    [InlineData("", "body")]
    public async Task A_faulty_body_is_refused_by_the_name_of_its_field(string body, string field)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        AssertNames(field, await site.As().PostAsync(new Uri("/coffees", UriKind.Relative), content));
    }

    [Theory]
    [InlineData("""{"name":"Yirga","decaf":"maybe","grams":250}""", "decaf: wanted: true or false.")]
    [InlineData("""{"name":"Yirga","decaf":5,"grams":250}""", "decaf: wanted: true or false.")]
    [InlineData("""{"name":7,"decaf":true,"grams":250}""", "name: wanted: text.")]
    [InlineData("""{"name":"Yirga","decaf":true,"grams":"many"}""", "grams: wanted: number.")]
    [InlineData("""{"name":"Yirga","decaf":true,"grams":250,"price":"a lot"}""", "price: wanted: number.")]
    public async Task A_field_of_the_wrong_kind_is_told_which_one_is_wanted(string body, string detail)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var answer = await site.As().PostAsync(new Uri("/brews", UriKind.Relative), content);
        Assert.Equal(detail, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Several_missing_fields_are_named_together()
    {
        using var content = new StringContent("""{"size":{"grams":250}}""", Encoding.UTF8, "application/json");
        var answer = await site.As().PostAsync(new Uri("/coffees", UriKind.Relative), content);
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Select(error => error.Name);
        Assert.Equal(["name", "roast"], errors);
    }

    [Fact]
    public async Task What_is_wrong_is_said_without_names_that_no_client_knows()
    {
        var answer = await site.As().GetAsync(new Uri("/checked", UriKind.Relative));
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        Assert.Equal("""{"roast.first_name":["is required.","must be a string with a maximum length of 9."],"kind":["wanted: light or dark.","The kettle is cold."]}""", errors.GetRawText());
    }

    [Theory]
    [InlineData("/coffees?count=many", "count")]
    [InlineData("/coffees", "count")]
    [InlineData("/pages?limit=0", "limit")]
    [InlineData("/pages?limit=101", "limit")]
    [InlineData("/pages?limit=ten", "limit")]
    [InlineData("/pages?cursor=made-up", "cursor")]
    [InlineData("/pages?cursor=%25%25", "cursor")]
    public async Task A_faulty_query_is_refused_by_the_name_of_its_parameter(string path, string field) =>
        AssertNames(field, await site.As().GetAsync(new Uri(path, UriKind.Relative)));

    [Fact]
    public async Task Names_and_enum_values_are_snake_case_both_ways()
    {
        using var content = new StringContent("""{"name":"Yirga","roast":"full_city","size":{"grams":250}}""", Encoding.UTF8, "application/json");
        var answer = await site.As().PostAsync(new Uri("/coffees", UriKind.Relative), content);
        Assert.Equal("""{"name":"Yirga","roast":"full_city","size":{"grams":250},"price":null}""", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/nowhere", 404, "NOT_FOUND")]
    [InlineData("/broken", 500, "INTERNAL_ERROR")]
    [InlineData("/unavailable", 502, "PROVIDER_ERROR")]
    public async Task What_nobody_handled_has_the_form_too_and_tells_nothing_of_the_inside(string path, int status, string code)
    {
        var answer = await site.As().GetAsync(new Uri(path, UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(code, Text(JsonSerializer.Deserialize<JsonElement>(text), "code"));
        Assert.DoesNotContain("secret detail", text, StringComparison.Ordinal);
        Assert.DoesNotContain("inner text", text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_method_and_a_wrong_content_type_have_the_form_too()
    {
        var method = await site.As().DeleteAsync(new Uri("/coffees", UriKind.Relative));
        Assert.Equal("METHOD_NOT_ALLOWED", Text(await method.Content.ReadFromJsonAsync<JsonElement>(), "code"));
        using var content = new StringContent("name=Yirga", Encoding.UTF8, "application/x-www-form-urlencoded");
        var type = await site.As().PostAsync(new Uri("/coffees", UriKind.Relative), content);
        Assert.Equal("UNSUPPORTED_MEDIA_TYPE", Text(await type.Content.ReadFromJsonAsync<JsonElement>(), "code"));
    }

    [Fact]
    public async Task A_cursor_leads_through_the_list_without_gap_or_repeat()
    {
        var first = await site.As().GetFromJsonAsync<JsonElement>("/pages?limit=3");
        var second = await site.As().GetFromJsonAsync<JsonElement>($"/pages?limit=3&cursor={Text(first, "next_cursor")}");
        Assert.Equal([0, 1, 2, 3, 4, 5], first.GetProperty("data").EnumerateArray().Concat(second.GetProperty("data").EnumerateArray()).Select(number => number.GetInt32()));
    }

    private static string? Text(JsonElement problem, string name) => problem.GetProperty(name).GetString();

    private static void AssertNames(string field, HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var stream = answer.Content.ReadAsStream();
        using var problem = JsonDocument.Parse(stream);
        Assert.Equal("VALIDATION_ERROR", Text(problem.RootElement, "code"));
        Assert.Equal(field, Assert.Single(problem.RootElement.GetProperty("errors").EnumerateObject()).Name);
    }
}
