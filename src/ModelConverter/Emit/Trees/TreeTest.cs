namespace EdgeInference.ModelConverter.Emit.Trees;

/// <summary>
/// What a split asks in emitted code. Only these five: .NET and nanoFramework agree that none holds for NaN, while nanoFramework takes
/// NaN &gt; t and NaN ≥ t for true.
/// </summary>
internal enum TreeTest
{
    /// <summary>x ≤ t.</summary>
    AtMost,

    /// <summary>x &lt; t.</summary>
    Below,

    /// <summary>t ≤ x.</summary>
    AtLeast,

    /// <summary>t &lt; x.</summary>
    Above,

    /// <summary>x = t.</summary>
    Equal,
}
