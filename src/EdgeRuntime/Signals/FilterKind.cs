namespace EdgeInference.Runtime.Signals;

/// <summary>What a filter lets through.</summary>
public enum FilterKind
{
    /// <summary>Frequencies below the cutoff.</summary>
    LowPass,

    /// <summary>Frequencies above the cutoff.</summary>
    HighPass,

    /// <summary>Frequencies around the centre, which has a gain of 1.</summary>
    BandPass,

    /// <summary>All but frequencies around the centre.</summary>
    Notch,
}
