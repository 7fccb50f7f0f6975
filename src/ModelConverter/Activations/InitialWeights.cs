namespace EdgeInference.ModelConverter.Activations;

/// <summary>How first weights are drawn, by what the activation does to a signal's variance.</summary>
internal enum InitialWeights
{
    /// <summary>He et al. (2015): about half of the signal is cut off.</summary>
    He,

    /// <summary>Glorot and Bengio (2010): near the identity around 0, or bounded.</summary>
    Glorot,

    /// <summary>LeCun (1998): variance 1/in, which self-normalisation asks for (Klambauer et al. 2017).</summary>
    LeCun,
}
