namespace Empire.Identity.SecondFactor;

public static class SecondFactorEndpoints
{
    public static void AddSecondFactor(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SecondFactors>();
        builder.Services.AddSealedColumn("second_factors", "user_id", "sealed_secret", SecondFactors.PurposeOf);
    }

    public static void MapSecondFactor(this WebApplication app)
    {
        var factor = app.MapGroup("/api/auth/second-factor").WithTags("Second factor").ForEveryone();
        factor.MapGet("/", SecondFactorStatus.HandleAsync).WithName("GetSecondFactor");
        factor.MapPost("/", EnrolSecondFactor.HandleAsync).WithName("EnrolSecondFactor"); // no idempotency keys: stored answers would hold secrets
        factor.MapPost("/confirm", ConfirmSecondFactor.HandleAsync).WithName("ConfirmSecondFactor");
        factor.MapPost("/disable", DisableSecondFactor.HandleAsync).WithName("DisableSecondFactor");
        factor.MapPost("/recovery-codes", RenewRecoveryCodes.HandleAsync).WithName("RenewRecoveryCodes");
    }
}
