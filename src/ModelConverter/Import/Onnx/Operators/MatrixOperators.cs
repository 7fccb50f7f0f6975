using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>Matrix products.</summary>
internal static class MatrixOperators
{
    internal static readonly OnnxOperatorRow[] Rows =
    [
        new("Gemm", Gemm),
        new("MatMul", MatMul),
    ];

    private static void Gemm(OnnxNodeContext call)
    {
        float alpha = call.Float("alpha", 1f);
        float beta = call.Float("beta", 1f);
        bool transposeA = call.Flag("transA");
        bool transposeB = call.Flag("transB");
        call.Ignore("broadcast");
        Value a = call.Input(0);
        Value b = call.Input(1);
        if (a.Shape.Length != 2 || b.Shape.Length != 2)
        {
            throw call.Fault($"multiplies the shapes {GraphBuilder.Text(a.Shape)} and {GraphBuilder.Text(b.Shape)}; two matrices are supported");
        }

        a = transposeA ? call.Builder.Transpose(a, 1, 0) : a;
        if (!b.IsConstant || b.Data is not float[])
        {
            Value product = call.Builder.MatMul(a, transposeB ? call.Builder.Transpose(b, 1, 0) : b);
            product = alpha == 1f ? product : call.Builder.Arithmetic(Opcode.Mul, product, call.Builder.Scalar(alpha));
            Value? added = beta == 0f ? null : call.InputOrNull(2);
            added = added is null || beta == 1f ? added : call.Builder.Arithmetic(Opcode.Mul, added, call.Builder.Scalar(beta));
            call.Output(added is null ? product : call.Builder.Arithmetic(Opcode.Add, product, added));
            return;
        }

        Value weights = transposeB ? b : Transposed(b);
        weights = alpha == 1f ? weights : Value.Constant(weights.Name, Array.ConvertAll(weights.Floats, weight => alpha * weight), weights.Shape);
        Value? c = beta == 0f ? null : call.InputOrNull(2);
        Value? bias = c is { IsConstant: true } && (c.Elements == 1 || (c.Elements == weights.Shape[0] && c.LastDimension == c.Elements))
            ? Bias(c, weights.Shape[0], beta)
            : null;
        Value y = call.Builder.Dense(a, weights, bias);
        if (c is not null && bias is null)
        {
            Value scaled = beta == 1f ? c : call.Builder.Arithmetic(Opcode.Mul, c, call.Builder.Scalar(beta));
            y = call.Builder.Arithmetic(Opcode.Add, y, scaled);
        }

        call.Output(y);
    }

    private static void MatMul(OnnxNodeContext call)
    {
        Value a = call.Input(0);
        Value b = call.Input(1);
        call.Output(Product(call.Builder, a, b));
    }

    /// <summary>The product of two tensors of any rank from 1 on, as numpy's matmul.</summary>
    internal static Value Product(GraphBuilder builder, Value a, Value b)
    {
        if (a.Shape.Length == 0 || b.Shape.Length == 0)
        {
            throw new ArgumentException("multiplies a scalar; use Mul");
        }

        if (b.IsConstant && b.Shape.Length == 2)
        {
            return builder.Dense(a, Transposed(b), null);
        }

        Value left = a.Shape.Length == 1 ? builder.Reshape(a, 1, a.Shape[0]) : a;
        Value right = b.Shape.Length == 1 ? builder.Reshape(b, b.Shape[0], 1) : b;
        Value y = builder.MatMul(left, right);
        int[] shape = a.Shape.Length == 1 ? [.. y.Shape[..^2], y.Shape[^1]] : y.Shape;
        return builder.Reshape(y, b.Shape.Length == 1 ? shape[..^1] : shape);
    }

    private static Value Bias(Value c, int units, float beta)
    {
        float[] data = c.Floats;
        var bias = new float[units];
        for (int i = 0; i < units; i++)
        {
            bias[i] = beta * data[data.Length == 1 ? 0 : i];
        }

        return Value.Constant(c.Name, bias, units);
    }

    /// <summary>A constant matrix with its axes exchanged.</summary>
    internal static Value Transposed(Value matrix)
    {
        (int rows, int columns) = (matrix.Shape[0], matrix.Shape[1]);
        float[] data = matrix.Floats;
        var result = new float[data.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                result[(column * rows) + row] = data[(row * columns) + column];
            }
        }

        return Value.Constant(matrix.Name, result, columns, rows);
    }
}
