namespace Empire.Identity.People;

public static class PeopleEndpoints
{
    public static void AddPeople(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Passwords>();
        builder.Services.AddSingleton<AccountOpening>();
        builder.Services.AddSingleton<FirstProof>();
        builder.Services.AddSingleton<ProfileReader>();
        builder.Services.AddSingleton<MailRequestWorker>();
        builder.Services.AddHostedService(services => services.GetRequiredService<MailRequestWorker>());
    }

    public static void MapPeople(this WebApplication app)
    {
        app.MapPost("/api/signup", SignUp.HandleAsync).WithName("SignUp").WithTags("Sign-up").AllowAnonymous(); // no idempotency key: its stored answer would hold the secret

        var auth = app.MapGroup("/api/auth").WithTags("Sign-in").ForEveryone();
        auth.MapPost("/signup", Register.HandleAsync).WithName("Register").AllowAnonymous();
        auth.MapMethods("/verify", ["GET", "POST"], VerifyEmail.HandleAsync).WithName("VerifyEmail").AllowAnonymous();
        auth.MapPost("/resend-verification", AskForMail.ForVerificationAsync).WithName("ResendVerification").AllowAnonymous();
        auth.MapPost("/forgot-password", AskForMail.ForPasswordAsync).WithName("ForgotPassword").AllowAnonymous();
        auth.MapPost("/reset-password", ResetPassword.HandleAsync).WithName("ResetPassword").AllowAnonymous();
        auth.MapPost("/password", ChangePassword.HandleAsync).WithName("ChangePassword");
        auth.MapGet("/profile", GetProfile.HandleAsync).WithName("GetProfile");
    }
}
