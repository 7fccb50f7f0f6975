using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelFormat;

namespace OnnxBackend.Tests.Operators;

/// <summary>Which quantized operators run on int8 kernels. Their results are the same in float32, so that only this tells.</summary>
public class IntegerKernelTests
{
    private static readonly Opcode[] moves = [Opcode.Quantize, Opcode.Dequantize, Opcode.Reshape, Opcode.Transpose, Opcode.Table];

    // What the int8 kernels have no form of, by what stands in a case's name.
    private static readonly string[] real =
    [
        "QLinearWhere", "two inputs", "numbers for each row", "weights beside zero", " real", "alpha=0.5", "transA=1", "ceil_mode=1",
    ];

    [Fact]
    public void Quantized_operators_run_on_the_int8_kernels_that_they_have()
    {
        var faults = new List<string>();
        foreach (OperatorCase test in QuantizedCases.All().Where(test => test.Refusal is null && (test.Operator.Contains("QLinear", StringComparison.Ordinal) || test.Operator.Contains("QGemm", StringComparison.Ordinal))))
        {
            Graph graph = GraphOptimizer.Optimize(OnnxImporter.Import(test.Write(), "m.onnx"));
            Node[] computing = [.. graph.Nodes.Where(node => !moves.Contains(node.Opcode) && node.Output.Type == TensorType.Float32)];

            // Windows of different numbers of elements: over a pad that does not count.
            bool uneven = test.Operator.EndsWith("AveragePool", StringComparison.Ordinal) && test.Attributes.Any(one => one.Name == "pads") && !test.Attributes.Any(one => one.Name == "count_include_pad");
            if (computing.Length > 0 != (uneven || real.Any(part => test.Name.Contains(part, StringComparison.Ordinal))))
            {
                faults.Add($"{test.Name}: {string.Join(' ', computing.Select(node => node.Opcode))}");
            }
        }

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }
}
