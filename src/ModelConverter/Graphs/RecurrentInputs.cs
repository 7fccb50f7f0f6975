namespace EdgeInference.ModelConverter.Graphs;

/// <summary>Positions among the inputs of RNN, GRU and LSTM.</summary>
internal static class RecurrentInputs
{
    /// <summary>The first state.</summary>
    internal const int FirstState = 4;

    /// <summary>LSTM's first cell.</summary>
    internal const int FirstCell = 5;
}
