namespace Empire.Gateway.Security;

/// <summary>Something at the door that the owner should be able to look up.</summary>
/// <param name="Kind">failed_credential, locked, bad_signature, limit, block, unblock, bad_antiforgery or network_refused.</param>
/// <param name="Address">The client's.</param>
/// <param name="Actor">Who it was, where that was known.</param>
/// <param name="Route">Pattern of the route; null where it hit none.</param>
/// <param name="Count">How many this stands for: 1, or those of a minute that are more than are listed singly.</param>
internal sealed record SecurityEvent(DateTimeOffset At, string Kind, string Address, string? Actor, string? Route, string? Detail, long Count = 1);
