using System.Net;
using System.Net.Http.Json;
using Empire.Identity.Admission;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Empire.Identity.Tests.Admission;

public sealed class PrivateModeTests(PrivateModeTests.PrivateApp app) : IClassFixture<PrivateModeTests.PrivateApp>
{
    public sealed class PrivateApp : AccountsApp
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("PRIVATE_MODE", "true")];
    }

    [Fact]
    public async Task The_setting_is_the_first_value_and_what_the_operator_turns_outlives_a_restart()
    {
        Assert.True(await IsOnAsync());
        Assert.False(await TurnAsync(new { }));
        foreach (var service in app.Services.GetServices<IHostedService>().Where(service => service.GetType().DeclaringType == typeof(AdmissionExtensions)))
            await service.StartAsync(default); // as at the next start, with the same setting
        Assert.False(await IsOnAsync());
        Assert.True(await TurnAsync(new { private_mode = true }));
        Assert.True(await TurnAsync(new { private_mode = true }));
        Assert.True(await IsOnAsync());
    }

    [Fact]
    public async Task Nobody_else_turns_it()
    {
        using var answer = await app.Of(await app.AccountAsync()).PostAsJsonAsync("/admin/toggle-private", new { });
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Anyone_learns_whether_an_invite_is_needed()
    {
        foreach (var on in (bool[])[false, true])
        {
            await TurnAsync(new { private_mode = on });
            using var answer = await app.CreateClient().GetAsync("/api/auth/admission");
            Assert.Equal(on, (await answer.JsonAsync()).GetProperty("invite_needed").GetBoolean());
        }
    }

    private async Task<bool> TurnAsync(object request)
    {
        using var answer = await app.Operator().PostAsJsonAsync("/admin/toggle-private", request);
        return (await answer.JsonAsync()).GetProperty("private_mode").GetBoolean();
    }

    private async Task<bool> IsOnAsync()
    {
        await using var work = await app.Database.BeginSystemAsync(default);
        return await PrivateMode.IsOnAsync(work, default);
    }
}
