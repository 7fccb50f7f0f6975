using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelTraining;

/// <summary>
/// A multilayer perceptron over one flat array of parameters: forward pass, loss, and gradient by back-propagation, in
/// double precision with every sum in a fixed order, so that results are the same bits everywhere. Not thread-safe.
/// </summary>
internal sealed class Network
{
    private readonly double[][] preActivations;
    private readonly double[][] activations;
    private readonly double[][] deltas;
    private readonly ActivationFunction[] functions;
    private NetworkBatch? batch;

    internal Network(int inputs, IReadOnlyList<int> hidden, ActivationKind activation, int outputs)
    {
        Layers = new LayerLayout[hidden.Count + 1];
        int width = inputs;
        int offset = 0;
        for (int i = 0; i < Layers.Length; i++)
        {
            bool last = i == hidden.Count;
            int units = last ? outputs : hidden[i];
            ActivationKind kind = last ? ActivationKind.Linear : activation;
            int bias = checked(offset + (width * units));
            int slopes = kind == ActivationKind.PReLU ? bias + units : -1;
            Layers[i] = new LayerLayout(width, units, kind, offset, bias, slopes);
            offset = bias + (slopes < 0 ? units : 2 * units);
            width = units;
        }

        ParameterCount = offset;
        preActivations = Array.ConvertAll(Layers, layer => new double[layer.Outputs]);
        activations = Array.ConvertAll(Layers, layer => new double[layer.Outputs]);
        deltas = Array.ConvertAll(Layers, layer => new double[layer.Outputs]);
        functions = Array.ConvertAll(Layers, layer => ActivationFunctions.Get(layer.Activation));
    }

    /// <summary>The layers, input side first.</summary>
    internal LayerLayout[] Layers { get; }

    /// <summary>Rounds activations as the int8 model will, layer by layer; null for exact ones.</summary>
    internal LayerQuantizer[]? Quantizers { get; set; }

    /// <summary>What the loss of a row of each class is multiplied by; null where all weigh 1.</summary>
    internal double[]? ClassWeights { get; set; }

    /// <summary>Values before the activation of each layer, from the last call of <see cref="Logits"/>.</summary>
    internal IReadOnlyList<double[]> PreActivations => preActivations;

    /// <summary>Values after the activation of each layer, from the last call of <see cref="Logits"/>.</summary>
    internal IReadOnlyList<double[]> Activations => activations;

    /// <summary>Number of parameters: weights, biases, slopes.</summary>
    internal int ParameterCount { get; }

    /// <summary>First parameters: weights as <see cref="WeightInitialization"/> says, biases 0, slopes PReLU's default.</summary>
    internal double[] Initialize(Xoshiro256 random)
    {
        var parameters = new double[ParameterCount];
        for (int i = 0; i < Layers.Length; i++)
        {
            LayerLayout layer = Layers[i];
            double limit = WeightInitialization.Limit(layer.Activation, functions[i].DefaultAlpha, layer.Inputs, layer.Outputs);
            foreach (ref double weight in parameters.AsSpan(layer.Weights, layer.WeightCount))
            {
                weight = limit * ((2 * random.NextDouble()) - 1);
            }

            if (layer.Slopes >= 0)
            {
                parameters.AsSpan(layer.Slopes, layer.Outputs).Fill(functions[i].DefaultAlpha);
            }
        }

        return parameters;
    }

    /// <summary>The logits of one standardised row, valid until the next call.</summary>
    internal ReadOnlySpan<double> Logits(double[] parameters, double[] row)
    {
        double[] input = row;
        for (int i = 0; i < Layers.Length; i++)
        {
            LayerLayout layer = Layers[i];
            Span<double> z = preActivations[i];
            parameters.AsSpan(layer.Bias, layer.Outputs).CopyTo(z);
            for (int j = 0; j < layer.Inputs; j++)
            {
                VectorMath.AddScaled(z, input[j], parameters.AsSpan(layer.Weights + (j * layer.Outputs), layer.Outputs));
            }

            Quantizers?[i].RoundBefore(z);
            double[] output = activations[i];
            for (int unit = 0; unit < output.Length; unit++)
            {
                output[unit] = functions[i].Value(z[unit], Alpha(i, unit, parameters), functions[i].DefaultBeta);
            }

            Quantizers?[i].RoundAfter(output);
            input = output;
        }

        return input;
    }

    /// <summary>Mean cross-entropy of rows in nats, without the L2 penalty.</summary>
    internal double Loss(double[] parameters, double[][] rows, int[] labels, ReadOnlySpan<int> indices)
    {
        double loss = 0;
        if (Quantizers is null)
        {
            loss = (batch ??= new NetworkBatch(this)).Loss(parameters, rows, labels, indices);
        }
        else
        {
            foreach (int index in indices)
            {
                loss += LossOf(Logits(parameters, rows[index]), labels[index], deltas[^1]);
            }
        }

        return loss / indices.Length;
    }

    /// <summary>The weighted cross-entropy of one row from its logits, and its gradient by them.</summary>
    internal double LossOf(ReadOnlySpan<double> logits, int label, Span<double> delta)
    {
        double loss = CrossEntropy.Of(logits, label, delta);
        if (ClassWeights is null)
        {
            return loss;
        }

        double weight = ClassWeights[label];
        foreach (ref double slope in delta)
        {
            slope *= weight;
        }

        return loss * weight;
    }

    /// <summary>Mean cross-entropy of a batch in nats, without the L2 penalty; and the gradient with it.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="rows">Standardised rows.</param>
    /// <param name="labels">Their classes.</param>
    /// <param name="indices">The rows of the batch.</param>
    /// <param name="l2">λ of the penalty λ/2 · Σw² over weights.</param>
    /// <param name="gradient">Is given ∂(loss + penalty)/∂parameters.</param>
    internal double Gradient(double[] parameters, double[][] rows, int[] labels, ReadOnlySpan<int> indices, double l2, double[] gradient)
    {
        Array.Clear(gradient);
        double loss = Quantizers is null
            ? (batch ??= new NetworkBatch(this)).Gradient(parameters, rows, labels, indices, gradient)
            : QuantizedGradient(parameters, rows, labels, indices, gradient);

        double scale = 1.0 / indices.Length;
        foreach (ref double slope in gradient.AsSpan())
        {
            slope *= scale;
        }

        foreach (LayerLayout layer in Layers)
        {
            VectorMath.AddScaled(gradient.AsSpan(layer.Weights, layer.WeightCount), l2, parameters.AsSpan(layer.Weights, layer.WeightCount));
        }

        return loss * scale;
    }

    private double QuantizedGradient(double[] parameters, double[][] rows, int[] labels, ReadOnlySpan<int> indices, double[] gradient)
    {
        double loss = 0;
        foreach (int index in indices)
        {
            loss += LossOf(Logits(parameters, rows[index]), labels[index], deltas[^1]);
            Quantizers![^1].Block(deltas[^1]);
            Backward(parameters, rows[index], gradient);
        }

        return loss;
    }

    // The last layer's delta is there already: its activation is the identity.
    private void Backward(double[] parameters, double[] row, double[] gradient)
    {
        for (int i = Layers.Length - 1; i >= 0; i--)
        {
            LayerLayout layer = Layers[i];
            double[] delta = deltas[i];
            double[] input = i == 0 ? row : activations[i - 1];
            for (int j = 0; j < layer.Inputs; j++)
            {
                VectorMath.AddScaled(gradient.AsSpan(layer.Weights + (j * layer.Outputs), layer.Outputs), input[j], delta);
            }

            VectorMath.AddScaled(gradient.AsSpan(layer.Bias, layer.Outputs), 1, delta);
            if (i > 0)
            {
                PassBack(i, parameters, gradient);
            }
        }
    }

    // From the delta of layer i to that of the layer before it, by the chain rule.
    private void PassBack(int i, double[] parameters, double[] gradient)
    {
        LayerLayout layer = Layers[i];
        LayerLayout before = Layers[i - 1];
        ActivationFunction function = functions[i - 1];
        double[] z = preActivations[i - 1];
        for (int j = 0; j < layer.Inputs; j++)
        {
            double slope = VectorMath.Dot(parameters.AsSpan(layer.Weights + (j * layer.Outputs), layer.Outputs), deltas[i]);
            slope = Quantizers![i - 1].Passes(j) ? slope : 0;
            if (before.Slopes >= 0)
            {
                gradient[before.Slopes + j] += z[j] < 0 ? slope * z[j] : 0;
            }

            deltas[i - 1][j] = slope * function.Derivative(z[j], Alpha(i - 1, j, parameters), function.DefaultBeta);
        }
    }

    private double Alpha(int layer, int unit, double[] parameters) =>
        Layers[layer].Slopes >= 0 ? parameters[Layers[layer].Slopes + unit] : functions[layer].DefaultAlpha;
}
