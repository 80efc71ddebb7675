using System.Net;
using System.Net.Http.Json;
using System.Text;
using Dapper;

namespace Empire.Identity.Tests.People;

public sealed class SignUpTests(PeopleApp app) : IClassFixture<PeopleApp>
{
    [Fact]
    public async Task Signing_up_by_address_answers_with_a_key_that_works_and_tells_of_it()
    {
        var email = PeopleApp.NewEmail();
        using var response = await PostAsync("/api/signup", new { email });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var answer = await response.JsonAsync();
        Assert.Equal(["status", "message", "api_key"], answer.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("success", "Account created successfully"), (answer.GetProperty("status").GetString(), answer.GetProperty("message").GetString()));
        var key = answer.GetProperty("api_key").GetString()!;
        var holder = await app.AuthenticateAsync(new() { ApiKey = key });
        Assert.Equal(("owner", "free", false), (holder!.Role, holder.Tier, holder.Operator));

        var told = Assert.Single(await app.HeardAsync("CustomerSignedUp", email));
        Assert.Equal(key, app.Open(told, "SealedApiKey", "mail:api-key"));
        Assert.DoesNotContain(key, told.GetRawText(), StringComparison.Ordinal);
        Assert.NotEmpty(app.Open(told, "SealedVerificationToken", "mail:verification"));
    }

    [Fact]
    public async Task A_referral_code_is_told_with_the_sign_up_and_what_is_none_is_400()
    {
        foreach (var (path, password) in new (string, string?)[] { ("/api/signup", null), ("/api/auth/signup", PeopleApp.Password) })
        {
            var email = PeopleApp.NewEmail();
            Dictionary<string, string> Body(string code) => password is null ? new() { ["email"] = email, ["referral_code"] = code } : new() { ["email"] = email, ["password"] = password, ["referral_code"] = code };
            using var refused = await PostAsync(path, Body("not a code"));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.True((await refused.JsonAsync()).GetProperty("errors").TryGetProperty("referral_code", out _));
            using var taken = await PostAsync(path, Body("0123abcdEF"));
            Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
            Assert.Equal("0123abcdEF", Assert.Single(await app.HeardAsync("CustomerSignedUp", email)).GetProperty("referralCode").GetString());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("ada")]
    [InlineData("ada@")]
    [InlineData("@example.com")]
    [InlineData("ada@example")]
    [InlineData("ada@@example.com")]
    [InlineData("ada lovelace@example.com")]
    [InlineData("ada@example..com")]
    [InlineData("ada@-example.com")]
    [InlineData("ada@example.com\r\nBcc: all@example.com")]
    [InlineData("Ada <ada@example.com>")]
    [InlineData("ada@exämple.com")]
    public async Task A_bad_address_is_400_and_names_the_field(string email)
    {
        foreach (var (path, body) in new (string, object)[] { ("/api/signup", new { email }), ("/api/auth/signup", new { email, password = PeopleApp.Password }) })
        {
            using var response = await PostAsync(path, body);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.True((await response.JsonAsync()).GetProperty("errors").TryGetProperty("email", out _));
        }
    }

    [Fact]
    public async Task The_same_address_in_another_case_is_409_at_both_doors()
    {
        var email = PeopleApp.NewEmail();
        using (var first = await PostAsync("/api/signup", new { email })) Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        using var again = await PostAsync("/api/signup", new { email = $" {email.ToUpperInvariant()} " });
        Assert.Equal((HttpStatusCode.Conflict, "EMAIL_TAKEN"), (again.StatusCode, await again.CodeAsync()));
        using var other = await PostAsync("/api/auth/signup", new { email = email.ToUpperInvariant(), password = PeopleApp.Password });
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
    }

    [Fact]
    public async Task Of_ten_sign_ups_of_one_address_at_once_one_gets_the_account()
    {
        var email = PeopleApp.NewEmail();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PostAsync("/api/signup", new { email })));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
        Assert.Equal(9, answers.Count(a => a.StatusCode == HttpStatusCode.Conflict));
        await using var database = await app.OpenAsync();
        Assert.Equal(1, await database.QuerySingleAsync<int>("select count(*)::int from memberships m join users u on u.id = m.user_id where u.email = @email", new { email }));
        Assert.Single(await app.HeardAsync("CustomerSignedUp", email));
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task Signing_up_with_a_password_makes_a_user_on_trial_with_the_limits_of_the_free_tier()
    {
        var email = PeopleApp.NewEmail();
        using var response = await PostAsync("/api/auth/signup", new { email, password = PeopleApp.Password, name = "Ada" });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var user = (await response.JsonAsync()).GetProperty("user");
        Assert.Equal(("user", "trial", "free"), (user.GetProperty("role").GetString(), user.GetProperty("subscription_status").GetString(), user.GetProperty("subscription_tier").GetString()));
        Assert.Equal((0, 100), (user.GetProperty("api_calls_used").GetInt32(), user.GetProperty("monthly_limit").GetInt32()));
        await using var database = await app.OpenAsync();
        var rows = await database.QueryAsync<string>("select users::text from users union all select one_time_tokens::text from one_time_tokens union all select body::text from heard");
        Assert.All(rows, row => Assert.DoesNotContain(PeopleApp.Password, row, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("role", "\"admin\"")]
    [InlineData("is_admin", "true")]
    [InlineData("operator", "true")]
    [InlineData("tier", "\"enterprise\"")]
    [InlineData("monthly_limit", "1000000")]
    [InlineData("tenant_id", "\"ten_00000000000000000000000000000000\"")]
    public async Task Nobody_signs_up_with_fields_that_are_not_theirs_to_set(string field, string value)
    {
        using var client = app.CreateClient();
        foreach (var path in (string[])["/api/signup", "/api/auth/signup"])
        {
            var email = PeopleApp.NewEmail();
            var password = path == "/api/signup" ? "" : $",\"password\":\"{PeopleApp.Password}\"";
            using var content = new StringContent($"{{\"email\":\"{email}\"{password},\"{field}\":{value}}}", Encoding.UTF8, "application/json");
            using var response = await client.PostAsync(path, content);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Empty(await app.HeardAsync("CustomerSignedUp", email));
        }
    }

    [Theory]
    [InlineData("short")]
    [InlineData("elevenchars")]
    [InlineData("password1234")]
    [InlineData("aaaaaaaaaaaaaaaa")]
    public async Task A_password_that_is_short_or_tried_first_is_refused_by_name(string password)
    {
        using var response = await PostAsync("/api/auth/signup", new { email = PeopleApp.NewEmail(), password });
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True((await response.JsonAsync()).GetProperty("errors").TryGetProperty("password", out _));
    }

    [Fact]
    public async Task A_password_made_of_the_address_is_refused()
    {
        using var response = await PostAsync("/api/auth/signup", new { email = "adalovelace@example.com", password = "AdaLovelace12" });
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, object body)
    {
        using var client = app.CreateClient();
        return await client.PostAsJsonAsync(path, body);
    }
}

/// <summary>An installation whose owner is gone, which start-up never leaves behind: the rule of the first person is tried on it.</summary>
public sealed class FirstPersonTests(PeopleApp app) : IClassFixture<PeopleApp>
{
    [Fact]
    public async Task The_first_person_of_an_empty_installation_is_its_admin_and_of_two_at_once_one_is()
    {
        await using (var database = await app.OpenAsync()) await database.ExecuteAsync("delete from api_keys; delete from memberships; delete from users; delete from tenants");
        using var client = app.CreateClient();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.PostAsJsonAsync("/api/auth/signup", new { email = PeopleApp.NewEmail(), password = PeopleApp.Password })));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        var users = await Task.WhenAll(answers.Select(answer => answer.JsonAsync()));
        Assert.Single(users, answer => answer.GetProperty("user").GetProperty("role").GetString() == "admin");
        var first = users.Single(answer => answer.GetProperty("user").GetProperty("role").GetString() == "admin").GetProperty("user").GetProperty("email").GetString()!;
        Assert.True((await (await app.BrowserAsync(first)).WhoAsync())!.Operator);
    }
}
