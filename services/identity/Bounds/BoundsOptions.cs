using System.ComponentModel.DataAnnotations;

namespace Empire.Identity.Bounds;

/// <summary>Section "Identity:Bounds": how many of each there may be at a time, so that neither a program in a loop nor somebody who means harm fills the tables that everybody's requests are looked up in.</summary>
public sealed class BoundsOptions
{
    /// <summary>Keys of an account that are neither over nor replaced. As many again may be under way out, replaced and in their grace.</summary>
    [Range(1, 10_000)] public int Keys { get; init; } = 100;

    /// <summary>Access controls of an account, in force or not: those in force are read at every authentication.</summary>
    [Range(1, 10_000)] public int AccessControls { get; init; } = 100;

    /// <summary>Credentials in the vault of an account.</summary>
    [Range(1, 10_000)] public int Credentials { get; init; } = 200;

    /// <summary>People of an account.</summary>
    [Range(1, 100_000)] public int Members { get; init; } = 1000;

    /// <summary>Invites of an account that are still good.</summary>
    [Range(1, 100_000)] public int Invites { get; init; } = 1000;

    /// <summary>Addresses at which an account asks somebody within a day to join it, whether or not anybody has them: each is sent a mail, or the account is told that nobody has signed up with it.</summary>
    [Range(1, 10_000)] public int Asks { get; init; } = 50;

    /// <summary>Accounts that one person belongs to; and those whose asking they have not answered.</summary>
    [Range(1, 10_000)] public int Accounts { get; init; } = 100;

    /// <summary>Sessions of one person; the next one ends the one that was seen the longest ago.</summary>
    [Range(1, 10_000)] public int Sessions { get; init; } = 100;

    /// <summary>Exports of one person that are kept, asked for by themselves, or by one account.</summary>
    [Range(1, 10_000)] public int Exports { get; init; } = 10;
}
