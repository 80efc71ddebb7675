using Empire.Configuration;
using Empire.Identity.Tokens;

namespace Empire.Identity.Sessions;

public static class SessionEndpoints
{
    public static void AddSessions(this WebApplicationBuilder builder)
    {
        builder.AddSettings<SessionOptions>("Identity:Sessions").Configure(options =>
        {
            if (int.TryParse(builder.Configuration["SESSION_TIMEOUT"], out var idle)) options.IdleSeconds = idle;
            if (int.TryParse(builder.Configuration["MAX_LOGIN_ATTEMPTS"], out var attempts)) options.MaxAttempts = attempts;
        });
        builder.CheckSetting("SESSION_TIMEOUT", "seconds, 60 to 86400", text => string.IsNullOrEmpty(text) || int.TryParse(text, out _));
        builder.CheckSetting("MAX_LOGIN_ATTEMPTS", "a number, 1 to 100", text => string.IsNullOrEmpty(text) || int.TryParse(text, out _));
        builder.Services.AddSingleton<SessionPulse>();
        builder.Services.AddSingleton<SessionCheck>();
        builder.Services.AddSingleton<SessionIssuer>();
        builder.Services.AddSingleton<ThisSession>();
        builder.Services.AddSingleton<LockTelling>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LockTelling>());
        builder.Services.AddSingleton<SignIn>();
        builder.Services.AddSingleton<SessionRenewal>();
        builder.Services.AddSingleton<PasswordAgain>();
        builder.Services.AddHostedService<Sweep>();
        builder.AddAccessTokens();
    }

    public static void MapSessions(this WebApplication app)
    {
        // No idempotency keys here: a stored answer would hold what a session is opened by.
        var auth = app.MapGroup("/api/auth").WithTags("Sign-in").ForEveryone();
        auth.MapPost("/login", SignIn.HandleAsync).WithName("SignIn").AllowAnonymous();
        auth.MapPost("/logout", SignOut.HandleAsync).WithName("SignOut");
        auth.MapPost("/switch", SwitchTenant.HandleAsync).WithName("SwitchTenant");
        auth.MapPost("/decline", DeclineTenant.HandleAsync).WithName("DeclineTenant");
        auth.MapPost("/token", IssueToken.HandleAsync).WithName("IssueAccessToken");

        var sessions = app.MapGroup("/api/v1/identity/sessions").WithTags("Sessions").ForEveryone();
        sessions.MapGet("/", ListSessions.HandleAsync).WithName("ListSessions");
        sessions.MapDelete("/{id}", EndSessions.OneAsync).WithName("EndSession");
        sessions.MapDelete("/", EndSessions.OthersAsync).WithName("EndOtherSessions");
    }
}
