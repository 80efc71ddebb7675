using Empire.Configuration;
using Empire.Data;

namespace Empire.Identity.Admission;

public static class AdmissionExtensions
{
    public static WebApplicationBuilder AddAdmission(this WebApplicationBuilder builder)
    {
        builder.CheckSetting(PrivateMode.Setting, "true or false", text => string.IsNullOrEmpty(text) || bool.TryParse(text, out _));
        builder.Services.AddHostedService<FirstValue>();
        return builder;
    }

    public static void MapAdmission(this WebApplication app)
    {
        app.MapGet("/api/auth/admission", AskAdmission.HandleAsync).WithName("GetAdmission").WithTags("Sign-up").AllowAnonymous();
        app.MapPost("/admin/toggle-private", TogglePrivateMode.HandleAsync).WithName("TogglePrivateMode").WithTags("Administration").WithIdempotencyKey();
    }

    /// <summary>Runs before the first request is served: hosted services start before the server does.</summary>
    private sealed class FirstValue(Database db, IConfiguration configuration, TimeProvider clock) : IHostedService
    {
        public async Task StartAsync(CancellationToken ct)
        {
            await using var work = await db.BeginSystemAsync(ct);
            await PrivateMode.BeginWithAsync(work, bool.TryParse(configuration[PrivateMode.Setting], out var on) && on, clock.GetUtcNow(), ct);
            await work.CommitAsync(ct);
        }

        public Task StopAsync(CancellationToken ct) => Task.CompletedTask;
    }
}
