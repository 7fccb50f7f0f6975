using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Activations;

namespace EdgeInference.ModelConverter.Operators.Reference;

/// <content>What works element by element.</content>
internal static partial class DoubleKernels
{
    internal static double[] Binary(Node node, double[]?[] inputs, Func<double, double, double> function)
    {
        double[] a = Broadcast(inputs[0]!, node.Input(0).Shape, node.Output.Shape);
        double[] b = Broadcast(inputs[1]!, node.Input(1).Shape, node.Output.Shape);
        var y = new double[a.Length];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = function(a[i], b[i]);
        }

        return y;
    }

    internal static double[] Where(Node node, double[]?[] inputs)
    {
        double[] condition = Broadcast(inputs[0]!, node.Input(0).Shape, node.Output.Shape);
        double[] a = Broadcast(inputs[1]!, node.Input(1).Shape, node.Output.Shape);
        double[] b = Broadcast(inputs[2]!, node.Input(2).Shape, node.Output.Shape);
        return [.. condition.Select((value, i) => value != 0 ? a[i] : b[i])];
    }

    internal static double[] Unary(Node node, double[]?[] inputs)
    {
        var kind = (UnaryKind)node.Parameters[UnaryRule.Kind];
        (double alpha, double beta) = (node.Float(UnaryRule.Alpha), node.Float(UnaryRule.Beta));
        return Array.ConvertAll(inputs[0]!, x => Unary(kind, x, alpha, beta));
    }

    private static double Unary(UnaryKind kind, double x, double alpha, double beta) => kind switch
    {
        UnaryKind.Abs => Math.Abs(x),
        UnaryKind.Neg => -x,
        UnaryKind.Exp => Math.Exp(x),
        UnaryKind.Log => Math.Log(x),
        UnaryKind.Sqrt => Math.Sqrt(x),
        UnaryKind.Reciprocal => 1 / x,
        UnaryKind.Square => x * x,
        UnaryKind.Floor => Math.Floor(x),
        UnaryKind.Ceil => Math.Ceiling(x),
        UnaryKind.Round => Math.Round(x, MidpointRounding.ToEven),
        UnaryKind.Truncate => Math.Truncate(x),
        UnaryKind.Sign => double.IsNaN(x) ? x : Math.Sign(x),
        UnaryKind.Clip => Math.Min(beta, Math.Max(alpha, x)),
        UnaryKind.Erf => x < 0 ? ErrorFunction.Erfc(-x) - 1 : 1 - ErrorFunction.Erfc(x),
        UnaryKind.Not => x == 0 ? 1 : 0,
        UnaryKind.IsNaN => double.IsNaN(x) ? 1 : 0,
        UnaryKind.IsInf => (alpha != 0 && double.IsNegativeInfinity(x)) || (beta != 0 && double.IsPositiveInfinity(x)) ? 1 : 0,
        UnaryKind.Sin => Math.Sin(x),
        UnaryKind.Cos => Math.Cos(x),
        UnaryKind.Tan => Math.Tan(x),
        UnaryKind.Asin => Math.Asin(x),
        UnaryKind.Acos => Math.Acos(x),
        UnaryKind.Atan => Math.Atan(x),
        UnaryKind.Sinh => Math.Sinh(x),
        UnaryKind.Cosh => Math.Cosh(x),
        UnaryKind.Asinh => Math.Asinh(x),
        UnaryKind.Acosh => Math.Acosh(x),
        UnaryKind.Atanh => Math.Atanh(x),
        _ => throw new InvalidOperationException($"{kind} has no double-precision form."),
    };

    internal static Func<double, double, double> Function(BinaryKind kind) => kind switch
    {
        BinaryKind.Min => Math.Min,
        BinaryKind.Max => Math.Max,
        BinaryKind.Pow => Math.Pow,
        BinaryKind.Mod => (a, b) => a % b is var rest && rest != 0 && rest < 0 != b < 0 ? rest + b : rest,
        BinaryKind.Remainder => (a, b) => a % b,
        BinaryKind.Equal => (a, b) => a == b ? 1 : 0,
        BinaryKind.Less => (a, b) => a < b ? 1 : 0,
        BinaryKind.LessOrEqual => (a, b) => a <= b ? 1 : 0,
        BinaryKind.And => (a, b) => a != 0 && b != 0 ? 1 : 0,
        BinaryKind.Or => (a, b) => a != 0 || b != 0 ? 1 : 0,
        BinaryKind.Xor => (a, b) => a != 0 != (b != 0) ? 1 : 0,
        _ => throw new InvalidOperationException($"{kind} has no double-precision form."),
    };
}
