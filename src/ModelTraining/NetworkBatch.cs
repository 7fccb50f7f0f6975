using System.Runtime.Intrinsics;
using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelTraining;

/// <summary>
/// Runs blocks of rows through the layers of a <see cref="Network"/>: loss, and gradient by back-propagation. The bits are those of
/// <see cref="Network.Logits"/>, row by row. Not thread-safe.
/// </summary>
internal sealed class NetworkBatch
{
    /// <summary>Rows that are computed at a time.</summary>
    internal const int Block = 64;

    private readonly Network network;
    private readonly LayerLayout[] layers;
    private readonly ActivationFunction[] functions;
    private readonly double[] inputs;
    private readonly double[][] preActivations;
    private readonly double[][] activations;
    private readonly double[][] deltas;

    internal NetworkBatch(Network network)
    {
        this.network = network;
        layers = network.Layers;
        functions = Array.ConvertAll(layers, layer => ActivationFunctions.Get(layer.Activation));
        inputs = new double[Block * layers[0].Inputs];
        preActivations = Array.ConvertAll(layers, layer => new double[Block * layer.Outputs]);
        activations = Array.ConvertAll(layers, layer => layer.Activation == ActivationKind.Linear ? [] : new double[Block * layer.Outputs]);
        deltas = Array.ConvertAll(layers, layer => new double[Block * layer.Outputs]);
    }

    /// <summary>Sum of the rows' cross-entropies, weighed by class.</summary>
    internal double Loss(double[] parameters, double[][] rows, int[] labels, ReadOnlySpan<int> indices)
    {
        double loss = 0;
        for (int start = 0; start < indices.Length; start += Block)
        {
            loss = AddLoss(loss, parameters, rows, labels, indices.Slice(start, Math.Min(Block, indices.Length - start)));
        }

        return loss;
    }

    /// <summary>The same; and adds the sum of the rows' gradients.</summary>
    internal double Gradient(double[] parameters, double[][] rows, int[] labels, ReadOnlySpan<int> indices, double[] gradient)
    {
        double loss = 0;
        for (int start = 0; start < indices.Length; start += Block)
        {
            ReadOnlySpan<int> block = indices.Slice(start, Math.Min(Block, indices.Length - start));
            loss = AddLoss(loss, parameters, rows, labels, block);
            Backward(parameters, block.Length, gradient);
        }

        return loss;
    }

    private double AddLoss(double loss, double[] parameters, double[][] rows, int[] labels, ReadOnlySpan<int> block)
    {
        int width = layers[0].Inputs;
        for (int r = 0; r < block.Length; r++)
        {
            rows[block[r]].AsSpan(0, width).CopyTo(inputs.AsSpan(r * width));
        }

        Forward(parameters, block.Length);
        int outputs = layers[^1].Outputs;
        for (int r = 0; r < block.Length; r++)
        {
            int label = labels[block[r]];
            loss += network.LossOf(preActivations[^1].AsSpan(r * outputs, outputs), label, deltas[^1].AsSpan(r * outputs, outputs));
        }

        return loss;
    }

    private double[] Output(int layer) => layer < 0 ? inputs : activations[layer].Length == 0 ? preActivations[layer] : activations[layer];

    private void Forward(double[] parameters, int count)
    {
        for (int i = 0; i < layers.Length; i++)
        {
            LayerLayout layer = layers[i];
            double[] z = preActivations[i];
            for (int r = 0; r < count; r++)
            {
                parameters.AsSpan(layer.Bias, layer.Outputs).CopyTo(z.AsSpan(r * layer.Outputs));
            }

            MatrixMath.MultiplyAdd(z, Output(i - 1), layer.Inputs, 1, parameters.AsSpan(layer.Weights, layer.WeightCount), count, layer.Outputs, layer.Inputs);
            Activate(i, parameters, count * layer.Outputs);
        }
    }

    private void Activate(int i, double[] parameters, int length)
    {
        LayerLayout layer = layers[i];
        double[] z = preActivations[i];
        double[] output = activations[i];
        if (layer.Activation == ActivationKind.ReLU)
        {
            int at = 0;
            for (; at <= length - Vector256<double>.Count; at += Vector256<double>.Count)
            {
                var x = Vector256.Create(z, at);
                Vector256.ConditionalSelect(Vector256.LessThanOrEqual(x, Vector256<double>.Zero), Vector256<double>.Zero, x).CopyTo(output, at);
            }

            for (; at < length; at++)
            {
                output[at] = z[at] <= 0 ? 0 : z[at];
            }
        }
        else if (output.Length > 0)
        {
            ActivationFunction function = functions[i];
            for (int at = 0; at < length; at++)
            {
                output[at] = function.Value(z[at], Alpha(i, at % layer.Outputs, parameters), function.DefaultBeta);
            }
        }
    }

    // The last layer's deltas are there already: its activation is the identity.
    private void Backward(double[] parameters, int count, double[] gradient)
    {
        for (int i = layers.Length - 1; i >= 0; i--)
        {
            LayerLayout layer = layers[i];
            MatrixMath.MultiplyAdd(gradient.AsSpan(layer.Weights, layer.WeightCount), Output(i - 1), 1, layer.Inputs, deltas[i], layer.Inputs, layer.Outputs, count);
            for (int r = 0; r < count; r++)
            {
                VectorMath.AddScaled(gradient.AsSpan(layer.Bias, layer.Outputs), 1, deltas[i].AsSpan(r * layer.Outputs, layer.Outputs));
            }

            if (i > 0)
            {
                MatrixMath.MultiplyTransposed(deltas[i - 1], deltas[i], parameters.AsSpan(layer.Weights, layer.WeightCount), count, layer.Inputs, layer.Outputs);
                PassThroughActivation(i - 1, parameters, count, gradient);
            }
        }
    }

    // The chain rule through the activation of layer i.
    private void PassThroughActivation(int i, double[] parameters, int count, double[] gradient)
    {
        LayerLayout layer = layers[i];
        Span<double> delta = deltas[i].AsSpan(0, count * layer.Outputs);
        ReadOnlySpan<double> z = preActivations[i].AsSpan(0, delta.Length);
        if (layer.Activation == ActivationKind.ReLU)
        {
            int at = 0;
            for (; at <= delta.Length - Vector256<double>.Count; at += Vector256<double>.Count)
            {
                Vector256<double> slope = Vector256.ConditionalSelect(Vector256.GreaterThan(Vector256.Create(z[at..]), Vector256<double>.Zero), Vector256<double>.One, Vector256<double>.Zero);
                (Vector256.Create((ReadOnlySpan<double>)delta[at..]) * slope).CopyTo(delta[at..]);
            }

            for (; at < delta.Length; at++)
            {
                delta[at] *= z[at] > 0 ? 1.0 : 0.0;
            }

            return;
        }

        ActivationFunction function = functions[i];
        for (int at = 0; at < delta.Length; at++)
        {
            int unit = at % layer.Outputs;
            if (layer.Slopes >= 0)
            {
                gradient[layer.Slopes + unit] += z[at] < 0 ? delta[at] * z[at] : 0;
            }

            delta[at] *= function.Derivative(z[at], Alpha(i, unit, parameters), function.DefaultBeta);
        }
    }

    private double Alpha(int layer, int unit, double[] parameters) =>
        layers[layer].Slopes >= 0 ? parameters[layers[layer].Slopes + unit] : functions[layer].DefaultAlpha;
}
