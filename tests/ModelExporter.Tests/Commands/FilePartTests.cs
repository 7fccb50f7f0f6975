using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Tests;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Tool.Summaries;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>What <c>edge inspect</c> says that each part of a file costs, counted here by hand from docs/model-format.md.</summary>
public class FilePartTests
{
    [Fact]
    public void Every_part_has_its_bytes()
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 2], 0);
        int quantized = builder.AddTensor(TensorType.Int8, [1, 2], 64, new TensorQuantization(1f, 0));
        int y = builder.AddTensor(TensorType.Int8, [1, 3], 128, new TensorQuantization(1f, 0));
        int scales = builder.AddConstant(TensorType.Float32, [2], MemoryMarshal.AsBytes<float>([1f, 2f]));
        int weights = builder.AddConstant(TensorType.Int8, [3, 2], new byte[6], new TensorQuantization(1f, 0));
        int bias = builder.AddConstant(TensorType.Int32, [3], new byte[12]);
        int multipliers = builder.AddConstant(TensorType.Int32, [1], [0, 0, 0, 64]);
        int shifts = builder.AddConstant(TensorType.Int8, [1], [1]);
        int table = builder.AddConstant(TensorType.Int8, [256], new byte[256], new TensorQuantization(1f, 0));
        builder.AddConstant(TensorType.Int64, [1], new byte[8]);
        builder.AddInput(x, "in");
        builder.AddOutput(y, OutputRole.Score, "out");
        builder.AddOperator(Opcode.Quantize, [x, -1, scales], [quantized], []);
        int[] parameters = new int[OperatorNames.Parameters(Opcode.Dense).Length];
        parameters[DenseRule.Max] = 127;
        builder.AddOperator(Opcode.Dense, [quantized, weights, bias, multipliers, shifts, table], [y], parameters);
        builder.AddTextList(MetadataKey.InputNames, ["a", "b"]);
        builder.AddTextList(MetadataKey.InputUnits, ["m", ""]);
        builder.AddText(MetadataKey.Name, "net");
        builder.AddText(MetadataKey.Producer, "test 1");
        builder.AddTensorNames([.. Enumerable.Range(0, builder.TensorCount).Select(i => $"t{i}")]);
        builder.AddSelfTest([1f, 2f], [7, 7, 7]);
        ModelFile file = ModelFile.Read(new ModelBytes(builder.Build()));

        FilePartSummary[] parts = FilePartSummary.Of(file);
        var expected = new Dictionary<string, int>
        {
            ["header and section table"] = 24 + (6 * 8),

            // In the arena 10 each, and 6 where quantized; constants 2 and 2 a dimension, and 6.
            ["tensors"] = 10 + 16 + 16 + 4 + 12 + 4 + 4 + 4 + 10 + 4,

            // Two texts of a byte for the length and one for the text, and an empty one.
            ["feature names and units"] = 4 + 4 + 4 + 3,
            ["provenance"] = 4 + 3 + 4 + 6,
            ["contract"] = 4 + 2 + 3 + 4 + 3 + 4,
            ["tensor names"] = (10 * 3) + 0,
            ["self-test vectors"] = 8 + 3,
            ["scaling of inputs"] = 8,
            ["weights"] = 6,
            ["biases"] = 12,
            ["requantization"] = 5,
            ["tables"] = 256,
            ["unused constants"] = 8,
        };
        foreach ((string part, int bytes) in expected)
        {
            Assert.Equal((part, bytes), (part, parts.SingleOrDefault(one => one.Part == part)?.Bytes ?? 0));
        }

        Assert.Equal(file.Length, parts.Sum(part => part.Bytes));
        Assert.Equal(["operators", "padding"], parts.Select(part => part.Part).Except(expected.Keys).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Parts_of_every_sample_add_up()
    {
        foreach (byte[] bytes in new[] { SampleModel.Float32(), SampleModel.Int8() })
        {
            ModelFile file = ModelFile.Read(new ModelBytes(bytes));
            FilePartSummary[] parts = FilePartSummary.Of(file);
            Assert.Equal(bytes.Length, parts.Sum(part => part.Bytes));
            Assert.DoesNotContain(parts, part => part.Bytes < 1);
        }
    }
}
