using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>ai.onnx.ml: linear models, and what all classifiers of that domain do with their scores.</summary>
internal static class LinearModelOperators
{
    internal static readonly OnnxOperatorRow[] Rows =
    [
        new("LinearClassifier", LinearClassifier, OnnxDomains.MachineLearning),
        new("LinearRegressor", LinearRegressor, OnnxDomains.MachineLearning),
    ];

    private static void LinearClassifier(OnnxNodeContext call)
    {
        call.Ignore("multi_class");
        ClassLabels labels = ClassLabels.Read(call);
        Value scores = Linear(call);
        OutputClasses(call, scores, labels, call.Text("post_transform", "NONE"), probabilityOfOne: false);
    }

    private static void LinearRegressor(OnnxNodeContext call)
    {
        call.Ignore("targets");
        call.Output(PostTransform(call, Linear(call), call.Text("post_transform", "NONE")), OnnxElementType.Float32);
    }

    private static Value Linear(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        float[] coefficients = call.Floats("coefficients") ?? throw call.Fault("is missing its coefficients");
        int features = x.LastDimension;
        if (coefficients.Length == 0 || coefficients.Length % features != 0)
        {
            throw call.Fault($"has {coefficients.Length} coefficients for {features} features");
        }

        int units = coefficients.Length / features;
        float[]? intercepts = call.Floats("intercepts");
        if (intercepts is not null && intercepts.Length != units)
        {
            throw call.Fault($"has {intercepts.Length} intercepts for {units} outputs");
        }

        Value rows = x.Shape.Length == 1 ? call.Builder.Reshape(x, 1, features) : x;
        Value weights = Value.Constant(call.Builder.Name + ".coefficients", coefficients, units, features);
        return call.Builder.Dense(rows, weights, intercepts is null ? null : Value.Constant(call.Builder.Name + ".intercepts", intercepts, units));
    }

    /// <summary>Gives a classifier's two outputs: the class, and a score for each class.</summary>
    /// <param name="call">The node.</param>
    /// <param name="scores">[n, classes], or [n, 1] where the one score decides between two classes.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="transform">The node's post_transform.</param>
    /// <param name="probabilityOfOne">Whether a single score is already the probability of the second class.</param>
    internal static void OutputClasses(OnnxNodeContext call, Value scores, ClassLabels labels, string transform, bool probabilityOfOne)
    {
        GraphBuilder builder = call.Builder;
        Value result;
        Value index;
        if (scores.LastDimension == 1 && labels.Texts.Count <= 2)
        {
            bool logistic = transform == "LOGISTIC";
            Value one = logistic || transform is "PROBIT" ? PostTransform(call, scores, transform) : scores;
            bool complement = logistic || probabilityOfOne;
            Value other = complement ? builder.Arithmetic(Opcode.Sub, builder.Scalar(1), one) : builder.Unary(UnaryKind.Neg, one);
            result = builder.Concat(scores.Shape.Length - 1, other, one);
            result = transform is "SOFTMAX" or "SOFTMAX_ZERO" ? PostTransform(call, result, transform) : result;
            Value threshold = builder.Scalar(probabilityOfOne ? 0.5 : 0);
            index = builder.Reshape(builder.Binary(BinaryKind.Less, threshold, scores), scores.Shape[..^1]);
        }
        else
        {
            result = PostTransform(call, scores, transform);
            index = builder.ArgReduce(scores, scores.Shape.Length - 1);
        }

        call.Output(0, Label(call, index, labels), OnnxElementType.Int64);
        call.Output(1, result, OnnxElementType.Float32);
    }

    /// <summary>The class itself where classes are numbers, its index where they are texts.</summary>
    internal static Value Label(OnnxNodeContext call, Value index, ClassLabels labels)
    {
        bool counting = labels.Numbers is null || labels.Numbers.Length == 0 || labels.Numbers.Select((number, i) => number == i).All(same => same);
        return counting ? index : call.Builder.Gather(Value.Constant(call.Builder.Name + ".classes", labels.Numbers!, labels.Numbers!.Length), index, 0);
    }

    /// <summary>What a node of ai.onnx.ml does with its scores at the end.</summary>
    internal static Value PostTransform(OnnxNodeContext call, Value scores, string transform) => transform switch
    {
        "NONE" => scores,
        "LOGISTIC" => call.Builder.Activation(ActivationKind.Sigmoid, scores),
        "SOFTMAX" => call.Builder.Softmax(scores),
        "SOFTMAX_ZERO" => SoftmaxZero(call, scores),
        _ => throw call.Fault($"ends with '{transform}', which is not supported"),
    };

    // Softmax that leaves scores of exactly 0 at 0 and out of the sum.
    private static Value SoftmaxZero(OnnxNodeContext call, Value scores)
    {
        GraphBuilder builder = call.Builder;
        int[] last = [scores.Shape.Length - 1];
        Value max = builder.Reduce(ReduceKind.Max, scores, last);
        Value powers = builder.Unary(UnaryKind.Exp, builder.Arithmetic(Opcode.Sub, scores, max));
        Value kept = builder.Where(scores, powers, builder.Scalar(0));
        return NormalizationOperators.NormOrZero(call, kept, builder.Reduce(ReduceKind.Sum, kept, last));
    }
}
