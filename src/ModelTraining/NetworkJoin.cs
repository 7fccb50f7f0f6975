namespace EdgeInference.ModelTraining;

/// <summary>Networks of one hidden layer as one: hidden units side by side, logits averaged.</summary>
internal static class NetworkJoin
{
    /// <summary>The parameters of the joined network.</summary>
    /// <param name="network">The layout of each.</param>
    /// <param name="parts">The parameters of each.</param>
    /// <param name="joined">The layout of the joined one.</param>
    internal static double[] Join(Network network, double[][] parts, Network joined)
    {
        LayerLayout hidden = network.Layers[0];
        LayerLayout last = network.Layers[1];
        LayerLayout wide = joined.Layers[0];
        LayerLayout end = joined.Layers[1];
        var parameters = new double[joined.ParameterCount];
        double share = 1.0 / parts.Length;
        for (int p = 0; p < parts.Length; p++)
        {
            int first = p * hidden.Outputs;
            for (int j = 0; j < hidden.Inputs; j++)
            {
                parts[p].AsSpan(hidden.Weights + (j * hidden.Outputs), hidden.Outputs).CopyTo(parameters.AsSpan(wide.Weights + (j * wide.Outputs) + first));
            }

            parts[p].AsSpan(hidden.Bias, hidden.Outputs).CopyTo(parameters.AsSpan(wide.Bias + first));
            VectorMath.AddScaled(parameters.AsSpan(end.Weights + (first * end.Outputs), last.WeightCount), share, parts[p].AsSpan(last.Weights, last.WeightCount));
            VectorMath.AddScaled(parameters.AsSpan(end.Bias, end.Outputs), share, parts[p].AsSpan(last.Bias, last.Outputs));
        }

        return parameters;
    }
}
