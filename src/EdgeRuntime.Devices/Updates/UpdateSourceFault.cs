namespace EdgeInference.Devices;

/// <summary>Why a source of models could not be asked, as opposed to a model that was refused.</summary>
/// <param name="Kind">A short word that stays the same for the same kind of fault, such as <c>timeout</c>, <c>name_resolution</c> or <c>status_503</c>; for counting.</param>
/// <param name="Reason">One sentence for the user.</param>
/// <param name="RetryAfter">How long the source asks to be left alone, or null where it says nothing.</param>
public sealed record UpdateSourceFault(string Kind, string Reason, TimeSpan? RetryAfter = null);
