namespace EdgeInference.ModelFormat
{
    /// <summary>What a signal pipeline makes of each channel of a window x of n counts; the values are the ones in the file.</summary>
    public enum SignalFeature
    {
        /// <summary>Σx / n, in counts.</summary>
        Mean = 0,

        /// <summary>Σ(x − mean)² / n, in counts².</summary>
        Variance = 1,

        /// <summary>√(Σx² / n), in counts.</summary>
        Rms = 2,

        /// <summary>max |x|, in counts.</summary>
        Peak = 3,

        /// <summary>Number of sign changes of x − mean, divided by n − 1; 0 counts as positive.</summary>
        ZeroCrossingRate = 4,

        /// <summary>Power in bands of whole bins of the spectrum, in counts²; a feature for each band.</summary>
        BandPower = 5,

        /// <summary>Power under triangles on the spectrum, each 1 at its highest point, in counts²; a feature for each triangle.</summary>
        MelPower = 6,

        /// <summary>log₂(1 + p) of the same power p in counts², in steps of 2⁻¹⁶.</summary>
        LogMelPower = 7,
    }
}
