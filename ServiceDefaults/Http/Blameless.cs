using Microsoft.AspNetCore.Http;

namespace Empire.Http;

/// <summary>What a service tells the gateway of a refusal that is no wrong guess: the right password of somebody who is asked for their code next, a message that is signed well and cannot be read, or, as a trailer of
/// identity's answer, an access token of ours that is over.
/// The gateway counts no failure of the address then, and takes the word off the answer: no client sees it.</summary>
public static class Blameless
{
    /// <summary>Of the answer; its value says nothing more.</summary>
    public const string Header = "X-Empire-Blameless";

    /// <summary>Before the answer starts.</summary>
    public static void Mark(HttpResponse response) => response.Headers[Header] = "1";
}
