using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>ai.onnx.ml: support vector machines, as a kernel function, a Dense over the support vectors, and votes.</summary>
internal static class SupportVectorOperators
{
    internal static readonly OnnxOperatorRow[] Rows =
    [
        new("SVMClassifier", Classifier, OnnxDomains.MachineLearning),
        new("SVMRegressor", Regressor, OnnxDomains.MachineLearning),
    ];

    private static void Regressor(OnnxNodeContext call)
    {
        float[] coefficients = call.Floats("coefficients") ?? throw call.Fault("is missing its coefficients");
        float[] rho = call.Floats("rho") ?? [0f];
        long supports = call.Int("n_supports", 0);
        bool oneClass = call.Flag("one_class");
        Value kernel = supports > 0 ? Kernel(call, out _) : Linear(call);
        if (kernel.LastDimension != coefficients.Length || rho.Length != 1)
        {
            throw call.Fault($"has {coefficients.Length} coefficients for {kernel.LastDimension} support vectors");
        }

        Value y = call.Builder.Dense(kernel, Constant(call, "coefficients", coefficients, 1, coefficients.Length), Constant(call, "rho", rho, 1));
        if (oneClass)
        {
            Value inside = call.Builder.Binary(BinaryKind.Less, call.Builder.Scalar(0), y);
            y = call.Builder.Arithmetic(Opcode.Sub, call.Builder.Arithmetic(Opcode.Mul, inside, call.Builder.Scalar(2)), call.Builder.Scalar(1));
        }

        call.Output(LinearModelOperators.PostTransform(call, y, call.Text("post_transform", "NONE")), OnnxElementType.Float32);
    }

    private static void Classifier(OnnxNodeContext call)
    {
        ClassLabels labels = ClassLabels.Read(call);
        string transform = call.Text("post_transform", "NONE");
        float[] coefficients = call.Floats("coefficients") ?? throw call.Fault("is missing its coefficients");
        float[] rho = call.Floats("rho") ?? throw call.Fault("is missing its rho");
        long[] perClass = call.Ints("vectors_per_class") ?? [];
        float[] a = call.Floats("prob_a") ?? [];
        float[] b = call.Floats("prob_b") ?? [];
        if (perClass.Length == 0)
        {
            Value direct = Linear(call);
            int units = coefficients.Length / direct.LastDimension;
            if (units == 0 || rho.Length == 0 || coefficients.Length != (long)units * direct.LastDimension)
            {
                throw call.Fault($"has {coefficients.Length} coefficients for {direct.LastDimension} features and {rho.Length} offsets");
            }

            // The first offset is that of all classes, in the standard's reference and in ONNX Runtime.
            Value offsets = Constant(call, "rho", [.. Enumerable.Repeat(rho[0], units)], units);
            Value scores = call.Builder.Dense(direct, Constant(call, "coefficients", coefficients, units, direct.LastDimension), offsets);
            LinearModelOperators.OutputClasses(call, scores, labels, transform, probabilityOfOne: false);
            return;
        }

        int classes = perClass.Length;
        bool isLinear = call.Text("kernel_type", "LINEAR") == "LINEAR";
        Value kernel = isLinear ? call.Input(0) : Kernel(call, out _);
        float[] vectors = call.Floats("support_vectors") ?? throw call.Fault("is missing its support vectors");
        int supports = vectors.Length / Math.Max(1, call.Input(0).LastDimension);
        int pairs = classes * (classes - 1) / 2;
        bool fits = classes >= 2 && supports > 0 && (long)supports * call.Input(0).LastDimension == vectors.Length && call.Input(0).Shape.Length == 2 && perClass.Sum() == supports && Array.TrueForAll(perClass, count => count >= 0)
            && coefficients.Length == (classes - 1L) * supports && rho.Length == pairs;
        if (!fits)
        {
            throw call.Fault($"has {coefficients.Length} coefficients and {rho.Length} offsets for {classes} classes and {supports} support vectors");
        }

        float[] pairWeights = PairWeights(coefficients, perClass, supports, pairs);
        if (isLinear)
        {
            call.Ignore("kernel_params");
        }

        Value weights = isLinear
            ? Constant(call, "coefficients", Product(pairWeights, vectors, pairs, supports), pairs, kernel.LastDimension)
            : Constant(call, "coefficients", pairWeights, pairs, supports);
        Value decisions = call.Builder.Dense(kernel, weights, Constant(call, "rho", rho, pairs));
        Value votes = Votes(call, decisions, classes, pairs);
        Value index = call.Builder.ArgReduce(votes, votes.Shape.Length - 1);
        call.Output(0, LinearModelOperators.Label(call, index, labels), OnnxElementType.Int64);
        if (a.Length == 0)
        {
            // ONNX Runtime gives the second class the decision's own sign.
            Value scores = pairs == 1 ? call.Builder.Concat(decisions.Shape.Length - 1, call.Builder.Unary(UnaryKind.Neg, decisions), decisions) : decisions;
            call.Output(1, LinearModelOperators.PostTransform(call, scores, transform), OnnxElementType.Float32);
            return;
        }

        if (a.Length != pairs || b.Length != pairs)
        {
            throw call.Fault($"has {a.Length} and {b.Length} probability parameters for {pairs} pairs");
        }

        // 1 / (1 + e^(A·f + B)) is the probability of the first of a pair (Platt, 1999).
        Value logits = call.Builder.Arithmetic(Opcode.Mul, decisions, Constant(call, "prob_a", Array.ConvertAll(a, value => -value), pairs));
        logits = call.Builder.Arithmetic(Opcode.Sub, logits, Constant(call, "prob_b", b, pairs));
        Value first = call.Builder.Activation(ActivationKind.Sigmoid, logits);
        call.Output(1, call.Builder.PairwiseCoupling(first, classes), OnnxElementType.Float32);
    }

    // Coefficients of a support vector of class i against class j are in row j − 1, or j where j comes before i.
    private static float[] PairWeights(float[] coefficients, long[] perClass, int supports, int pairs)
    {
        var result = new float[pairs * supports];
        int pair = 0;
        int[] starts = [.. perClass.Select((_, i) => (int)perClass.Take(i).Sum())];
        for (int i = 0; i < perClass.Length; i++)
        {
            for (int j = i + 1; j < perClass.Length; j++, pair++)
            {
                coefficients.AsSpan(((j - 1) * supports) + starts[i], (int)perClass[i]).CopyTo(result.AsSpan((pair * supports) + starts[i]));
                coefficients.AsSpan((i * supports) + starts[j], (int)perClass[j]).CopyTo(result.AsSpan((pair * supports) + starts[j]));
            }
        }

        return result;
    }

    // A sum of products with support vectors is one product with their sum: fewer terms, which do not cancel in float32.
    private static float[] Product(float[] weights, float[] vectors, int pairs, int supports)
    {
        int features = vectors.Length / supports;
        var result = new float[pairs * features];
        for (int pair = 0; pair < pairs; pair++)
        {
            for (int k = 0; k < features; k++)
            {
                double sum = 0;
                for (int i = 0; i < supports; i++)
                {
                    sum += (double)weights[(pair * supports) + i] * vectors[(i * features) + k];
                }

                result[(pair * features) + k] = (float)sum;
            }
        }

        return result;
    }

    private static Value Votes(OnnxNodeContext call, Value decisions, int classes, int pairs)
    {
        // A vote for i is 1 − the vote for j: votes = V·wins + constant.
        var weights = new float[classes * pairs];
        var losses = new float[classes];
        int pair = 0;
        for (int i = 0; i < classes; i++)
        {
            for (int j = i + 1; j < classes; j++, pair++)
            {
                weights[(i * pairs) + pair] = 1f;
                weights[(j * pairs) + pair] = -1f;
                losses[j]++;
            }
        }

        Value wins = call.Builder.Binary(BinaryKind.Less, call.Builder.Scalar(0), decisions);
        return call.Builder.Dense(wins, Constant(call, "votes", weights, classes, pairs), Constant(call, "losses", losses, classes));
    }

    private static Value Linear(OnnxNodeContext call)
    {
        call.Ignore("kernel_type", "kernel_params", "support_vectors");
        return call.Input(0);
    }

    // The kernel function of each row of x with each support vector: [n, supports].
    private static Value Kernel(OnnxNodeContext call, out int supports)
    {
        Value x = call.Input(0);
        float[] vectors = call.Floats("support_vectors") ?? throw call.Fault("is missing its support vectors");
        float[] parameters = call.Floats("kernel_params") ?? [];
        int features = x.LastDimension;
        string kind = call.Text("kernel_type", "LINEAR");
        if (x.Shape.Length != 2 || vectors.Length == 0 || vectors.Length % features != 0 || (kind != "LINEAR" && parameters.Length != 3))
        {
            throw call.Fault($"has {vectors.Length} numbers of support vectors and {parameters.Length} parameters for {GraphBuilder.Text(x.Shape)}");
        }

        supports = vectors.Length / features;
        GraphBuilder builder = call.Builder;
        Value matrix = Constant(call, "support_vectors", vectors, supports, features);
        if (kind == "RBF")
        {
            Value difference = builder.Arithmetic(Opcode.Sub, builder.Reshape(x, x.Shape[0], 1, features), matrix);
            Value distance = builder.Reduce(ReduceKind.SumSquare, difference, [2], keepDimensions: false);
            return builder.Unary(UnaryKind.Exp, builder.Arithmetic(Opcode.Mul, distance, builder.Scalar(-parameters[0])));
        }

        Value products = builder.Dense(x, matrix, null);
        if (kind == "LINEAR")
        {
            return products;
        }

        Value affine = builder.Arithmetic(Opcode.Add, builder.Arithmetic(Opcode.Mul, products, builder.Scalar(parameters[0])), builder.Scalar(parameters[1]));
        return kind switch
        {
            "POLY" => builder.Binary(BinaryKind.Pow, affine, builder.Scalar(parameters[2])),
            "SIGMOID" => builder.Activation(ActivationKind.Tanh, affine),
            _ => throw call.Fault($"has the unknown kernel '{kind}'"),
        };
    }

    private static Value Constant(OnnxNodeContext call, string name, float[] data, params int[] shape) => Value.Constant($"{call.Builder.Name}.{name}", data, shape);
}
