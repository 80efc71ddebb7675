using Empire.Configuration;
using Empire.Credentials;
using Empire.Data;
using Empire.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Empire;

public static class CredentialExtensions
{
    /// <summary>Looks after the credentials of accounts that this service keeps: says which are past their age, and gives <see cref="CredentialWatch"/> to count uses with.</summary>
    public static void AddCredentialWatch(this IHostApplicationBuilder builder, WatchedCredentials credentials)
    {
        builder.AddSettings<CredentialOptions>("Vault");
        builder.Services.AddSingleton(credentials).AddSingleton<CredentialWatch>().AddHostedService<CredentialWorker>();
    }

    /// <summary>Has the age of the installation's own keys looked after that this service is given: those of its providers (<see cref="ProviderKeyAttribute"/>), and every other <see cref="InstallationKey"/>
    /// it registers. The application model must refer the service to identity.</summary>
    public static void AddInstallationKeys(this IHostApplicationBuilder builder)
    {
        builder.AddOperatorAccount();
        builder.Services.AddHostedService(services => new InstallationKeyTelling(
            services.GetServices<InstallationKey>(), CallerIdentity.KeyIn(services.GetRequiredService<IConfiguration>()), services.GetRequiredService<OperatorAccount>(), services.GetRequiredService<Database>(),
            services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<InstallationKeyTelling>>()));
    }
}
