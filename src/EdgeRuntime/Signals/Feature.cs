namespace EdgeInference.Runtime.Signals;

/// <summary>What is computed of each channel of a window x of n samples.</summary>
public enum Feature
{
    /// <summary>Σx / n.</summary>
    Mean,

    /// <summary>Σ(x − mean)² / n.</summary>
    Variance,

    /// <summary>√(Σx² / n).</summary>
    Rms,

    /// <summary>max |x|.</summary>
    Peak,

    /// <summary>Number of sign changes of x − mean, divided by n − 1; 0 counts as positive.</summary>
    ZeroCrossingRate,

    /// <summary>Power in bands of equal width from 0 to half the sample rate, in squared units; as many features as there are bands.</summary>
    BandPower,
}
