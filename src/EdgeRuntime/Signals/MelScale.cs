namespace EdgeInference.Runtime.Signals;

/// <summary>How frequencies are spaced as an ear hears them.</summary>
public enum MelScale
{
    /// <summary>2595·log₁₀(1 + f/700), as in the Hidden Markov Model Toolkit (The HTK Book 3.4, 5.4; O'Shaughnessy 1987).</summary>
    Htk,

    /// <summary>Linear to 1 kHz, 200/3 Hz a step, and logarithmic above, 27 steps to 6.4 kHz, as in the Auditory Toolbox (Slaney 1998).</summary>
    Slaney,
}
