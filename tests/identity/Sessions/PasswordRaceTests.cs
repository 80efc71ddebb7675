using System.Net;
using Dapper;
using Empire.Identity.People;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Identity.Tests.Sessions;

/// <summary>The old password has been compared, and a new one is set before anything is done because of it.</summary>
public sealed class PasswordRaceTests(PeopleApp app) : IClassFixture<PeopleApp>
{
    private const string NewPassword = "a new phrase by mail";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sign_in_with_the_old_password_that_a_reset_overtakes_begins_no_session_and_restores_nothing(bool keptOld)
    {
        var email = await app.RegisteredAsync();
        if (keptOld) await SetAsync(email, new Microsoft.AspNetCore.Identity.PasswordHasher<object>().HashPassword(new(), PeopleApp.Password)); // fewer rounds: it would be kept anew
        using (var late = await WhileResetAsync(email, () => app.SignInAsync(email))) Assert.Equal((HttpStatusCode.Unauthorized, "INVALID_CREDENTIALS"), (late.StatusCode, await late.CodeAsync()));
        await using var database = await app.OpenAsync();
        Assert.Equal(0, await database.QuerySingleAsync<int>("select count(*)::int from sessions where user_id = (select id from users where email = @email)", new { email }));
        using var right = await app.SignInAsync(email, NewPassword);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Theory]
    [InlineData("/api/auth/password")]
    [InlineData("/api/auth/second-factor")]
    public async Task What_the_old_password_opened_stays_as_it_is_when_a_reset_overtakes_it(string path)
    {
        var email = await app.RegisteredAsync();
        var browser = await app.BrowserAsync(email);
        using (var late = await WhileResetAsync(email, () => browser.PostAsync(path, path.EndsWith("password", StringComparison.Ordinal) ? new { current = PeopleApp.Password, @new = "whatever the thief likes" } : new { password = PeopleApp.Password })))
            Assert.Equal((HttpStatusCode.Forbidden, "INVALID_CREDENTIALS"), (late.StatusCode, await late.CodeAsync()));
        using var right = await app.SignInAsync(email, NewPassword);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task A_password_that_is_only_kept_anew_meanwhile_is_right_still()
    {
        var email = await app.RegisteredAsync();
        using var right = await WhileSetAsync(email, PeopleApp.Password, () => app.SignInAsync(email));
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    private Task<HttpResponseMessage> WhileResetAsync(string email, Func<Task<HttpResponseMessage>> act) => WhileSetAsync(email, NewPassword, act);

    /// <summary>Sets a password, lets the request come until it waits for that, and commits.</summary>
    private async Task<HttpResponseMessage> WhileSetAsync(string email, string password, Func<Task<HttpResponseMessage>> act)
    {
        var hash = await app.Services.GetRequiredService<Passwords>().HashAsync(password, default);
        await using var reset = await app.OpenAsync();
        await using var transaction = await reset.BeginTransactionAsync();
        await reset.ExecuteAsync("update users set password_hash = @hash where email = @email", new { hash, email }, transaction);
        var late = act();
        await using var watch = await app.OpenAsync();
        await Eventually.TrueAsync(async () =>
            late.IsCompleted || await watch.QuerySingleAsync<bool>("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"));
        await transaction.CommitAsync();
        return await late;
    }

    private async Task SetAsync(string email, string hash)
    {
        await using var database = await app.OpenAsync();
        await database.ExecuteAsync("update users set password_hash = @hash where email = @email", new { hash, email });
    }
}
