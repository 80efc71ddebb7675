using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Empire.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Empire.Identity.People;

/// <summary>Turns passwords into what is kept, and compares. One comparison costs the same whoever is asked for, and whether or not they exist.</summary>
public sealed class Passwords : IDisposable
{
    public const string Metric = "identity.password.checks";

    /// <summary>PBKDF2-HMAC-SHA512, OWASP Password Storage Cheat Sheet, read 2026-11: 210,000.</summary>
    private const int Iterations = 210_000;

    private static readonly object Anyone = new();
    private readonly PasswordHasher<object> hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));
    private readonly string nobody;

    /// <summary>A crowd at the door keeps half of the machine free for everybody who is in already.</summary>
    private readonly SemaphoreSlim places = new(Math.Max(1, Environment.ProcessorCount / 2));

    private readonly Counter<long> checks;

    public Passwords(IMeterFactory meters)
    {
        nobody = hasher.HashPassword(Anyone, Convert.ToHexString(RandomNumberGenerator.GetBytes(32)));
        checks = meters.Create("Empire.Identity").CreateCounter<long>(Metric, "{check}", "Passwords compared.");
    }

    public Task<string> HashAsync(string password, CancellationToken ct) => InTurnAsync(() => hasher.HashPassword(Anyone, password), ct);

    /// <param name="hash">Null where there is no such person, or one without a password: the work is done all the same.</param>
    public async Task<PasswordMatch> VerifyAsync(string? hash, string password, CancellationToken ct)
    {
        checks.Add(1);
        var result = await InTurnAsync(() => hasher.VerifyHashedPassword(Anyone, hash ?? nobody, password), ct);
        if (hash is null) return PasswordMatch.No;
        return result switch
        {
            PasswordVerificationResult.Success => PasswordMatch.Yes,
            PasswordVerificationResult.SuccessRehashNeeded => PasswordMatch.YesButOld,
            _ => PasswordMatch.No,
        };
    }

    /// <summary>Whether a password that was right when the person was read still is, and stays so until the work ends: comparing takes its time, and a new one may have been set meanwhile. Before anything is
    /// done because of it.</summary>
    /// <param name="match">What the comparison with <paramref name="person"/>'s said.</param>
    internal async Task<PasswordMatch> StillAsync(Work work, Person person, string password, PasswordMatch match, CancellationToken ct)
    {
        var held = await UserTable.LockPasswordAsync(work, person.Id, ct);
        return held == person.PasswordHash ? match : await VerifyAsync(held, password, ct);   // kept anew by more rounds, it is the same password
    }

    public void Dispose() => places.Dispose();

    private async Task<T> InTurnAsync<T>(Func<T> costly, CancellationToken ct)
    {
        await places.WaitAsync(ct);
        try { return costly(); }
        finally { places.Release(); }
    }
}

/// <summary><see cref="YesButOld"/>: right, but kept by fewer rounds than today's; time to hash it anew.</summary>
public enum PasswordMatch { No, Yes, YesButOld }
