using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Keras.Layers;

/// <summary>Dense, EinsumDense, Embedding, and what does nothing.</summary>
internal static class CoreLayers
{
    internal static readonly KerasLayerRow[] Rows =
    [
        new("InputLayer", layer => layer.Input),
        new("ActivityRegularization", layer => layer.Input),
        new("Identity", layer => layer.Input),
        new("Dense", Dense),
        new("EinsumDense", EinsumDense),
        new("Embedding", Embedding),
    ];

    private static Value Dense(KerasLayer layer)
    {
        int depth = layer.Input.LastDimension;
        int biases = layer.Flag("use_bias", missing: true) ? 1 : 0;
        if (KerasQuantization.Of(layer) is { } quantization)
        {
            (KerasTensor integers, KerasTensor[] others) = layer.QuantizedWeights(biases + 1);
            layer.Require(integers, depth, -1);
            int outputs = integers.Shape[1];
            KerasQuantization.RequireScale(layer, others[biases], outputs);
            Value product = quantization.Product(layer, layer.Input, integers.Permute(1, 0), others[biases]);
            return KerasActivation.Apply(layer, layer.Bias(others, 0, outputs) is { } bias ? layer.Builder.Arithmetic(Opcode.Add, product, bias) : product);
        }

        KerasTensor[] weights = layer.Weights(biases + 1);
        layer.Require(weights[0], depth, -1);
        int units = weights[0].Shape[1];
        Value kernel = weights[0].Permute(1, 0).Constant(layer.Name + ".kernel", units, depth);
        return KerasActivation.Apply(layer, layer.Builder.Dense(layer.Input, kernel, layer.Bias(weights, 1, units)));
    }

    // Any equation is a matrix product between transpositions, unless axes of input and weights go along with each other.
    private static Value EinsumDense(KerasLayer layer)
    {
        GraphBuilder builder = layer.Builder;
        Value x = layer.Input;
        EinsumEquation equation = EinsumEquation.Parse(layer.Text("equation"), x.Shape.Length)
            ?? throw layer.Fault($"has the equation '{layer.Text("equation")}', which is not supported; it must be a matrix product over axes of the input");
        int biases = layer.Text("bias_axes").Length > 0 ? 1 : 0;
        KerasQuantization? quantization = KerasQuantization.Of(layer);
        (KerasTensor kernel, KerasTensor[] others) = quantization is null
            ? layer.Weights(biases + 1) is var all ? (all[0], all[1..]) : default
            : layer.QuantizedWeights(biases + 1);
        layer.Require(kernel, equation.KernelShape(x.Shape));
        Value rows = builder.Transpose(x, equation.InputOrder);
        int depth = equation.Depth(x.Shape);
        KerasTensor matrix = kernel.Permute(equation.KernelOrder);
        int units = matrix.Data.Length / depth;
        int[] free = matrix.Shape[..^equation.Summed];
        matrix = matrix with { Shape = [units, depth] };
        int[] kept = rows.Shape[..^equation.Summed];
        rows = builder.Reshape(rows, [.. kept, depth]);
        Value product;
        if (quantization is null)
        {
            product = builder.Dense(rows, matrix.Constant(layer.Name + ".kernel", units, depth), null);
        }
        else
        {
            KerasTensor scale = others[biases];
            KerasQuantization.RequireScale(layer, scale with { Shape = [scale.Data.Length] }, units);
            product = quantization.Product(layer, rows, matrix, scale);
        }

        Value result = builder.Transpose(builder.Reshape(product, [.. kept, .. free]), equation.OutputOrder);
        if (biases > 0)
        {
            KerasTensor bias = others[0];
            if (bias.Data.Length == 0 || !GraphBuilder.Broadcast(result.Shape, bias.Shape).AsSpan().SequenceEqual(result.Shape))
            {
                throw layer.Fault($"has a bias of {GraphBuilder.Text(bias.Shape)} for an output of {GraphBuilder.Text(result.Shape)}");
            }

            result = builder.Arithmetic(Opcode.Add, result, bias.Constant(layer.Name + ".bias", bias.Shape));
        }

        return KerasActivation.Apply(layer, result);
    }

    private static Value Embedding(KerasLayer layer)
    {
        if (layer.Flag("mask_zero"))
        {
            throw layer.Fault("masks the index 0, which is not supported");
        }

        KerasTensor table;
        if (KerasQuantization.Of(layer) is null)
        {
            table = layer.Weights(1)[0];
            layer.Require(table, -1, -1);
        }
        else
        {
            (KerasTensor integers, KerasTensor[] others) = layer.QuantizedWeights(1);
            layer.Require(integers, -1, -1);
            KerasQuantization.RequireScale(layer, others[0], integers.Shape[0]);
            table = new KerasTensor(integers.Shape, [.. integers.Data.Select((value, i) => value / others[0].Data[i / integers.Shape[1]])]);
        }

        return layer.Builder.Gather(table.Constant(layer.Name + ".embeddings", table.Shape), layer.Input, 0);
    }
}
