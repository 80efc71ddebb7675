using System.ComponentModel.DataAnnotations;
using Empire.Credentials;
using Empire.Http;

namespace Empire.Publishing.X;

/// <summary>Section "Providers:X".</summary>
public sealed class XOptions : ProviderOptions
{
    /// <summary>OAuth 2 user token with tweet.read, tweet.write and users.read.</summary>
    [Required, ProviderKey("platform")] public string AccessToken { get; set; } = "";

    /// <summary>Our name for the account of the token, in quotas and alerts.</summary>
    [Required, RegularExpression("^[a-z0-9_-]{1,40}$")] public string Account { get; set; } = "main";

    /// <summary>Whether every account of this installation posts with it. Otherwise only the operator's does. X's limits, our cap and a ban hold for all of them together.</summary>
    public bool Shared { get; set; }

    /// <summary>X's own limit for POST /2/tweets (docs.x.com, "Rate limits", read 2026-11).</summary>
    [Range(1, 10_000)] public int PostsPer15Minutes { get; set; } = 100;

    /// <summary>Our own cap, far below X's 10,000: followers leave accounts that shout.</summary>
    [Range(1, 10_000)] public int PostsPerDay { get; set; } = 200;

    /// <summary>What X charges for creating a post, in USD, without and with a link (docs.x.com, "Pricing", read 2026-11).</summary>
    [Range(0, 100)] public decimal PostPrice { get; set; } = 0.015m;
    [Range(0, 100)] public decimal PostWithLinkPrice { get; set; } = 0.200m;

    /// <summary>Where people see a post; <c>{id}</c> is X's id of it.</summary>
    [Required] public string PostUrl { get; set; } = "https://x.com/i/status/{id}";
}
