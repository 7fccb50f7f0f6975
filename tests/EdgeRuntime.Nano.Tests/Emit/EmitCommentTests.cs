using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Nano.Tests.Models;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>What emitted code says of itself: the rule by which it decides, its constants, labels, bytes and instructions.</summary>
public class EmitCommentTests
{
    private static readonly TensorQuantization unit = new(1f / 256, -128);

    [Theory]
    [InlineData(TensorType.Int8, 1, OutputRole.Probability, 0.5f, false, "Class 1 where the last output reaches the threshold, else 0.")]
    [InlineData(TensorType.Int8, 1, OutputRole.Probability, 0.25f, true, "Class 1 where the last output reaches the threshold, else 0. None within the abstain band.")]
    [InlineData(TensorType.Float32, 1, OutputRole.Probability, 0.5f, true, "Class 1 where the last output reaches the threshold, else 0. None within the abstain band. None where a value is not finite.")]
    [InlineData(TensorType.Int8, 2, OutputRole.Probability, 0.5f, false, "The class of the higher output, the first of equals.")]
    [InlineData(TensorType.Int8, 2, OutputRole.Probability, 0.25f, false, "Class 1 where the last output reaches the threshold, else 0.")]
    [InlineData(TensorType.Float32, 2, OutputRole.Probability, 0.5f, false, "The class of the higher output, the first of equals. None where a value is not finite.")]
    [InlineData(TensorType.Int8, 2, OutputRole.Score, 0.5f, false, "Class 1 where the margin reaches the threshold, else 0.")]
    [InlineData(TensorType.Int8, 3, OutputRole.Probability, null, false, "The class of the highest output, the first of equals.")]
    [InlineData(TensorType.Float32, 3, OutputRole.Probability, null, true, "The class of the highest output, the first of equals. None within the abstain band. None where a value is not finite.")]
    public void The_rule_is_said_above_Classify(TensorType type, int width, OutputRole role, float? threshold, bool abstains, string expected)
    {
        EmittedFile file = NanoEmitter.Emit(Model(type, width, role, threshold, abstains), new EmitOptions()).Files.Single();
        Assert.Contains($"        /// <summary>{expected}</summary>\n        /// <param name=\"input\">InputLength values.</param>\n", file.Text, StringComparison.Ordinal);
        Type code = Assembly.Load(EmittedCode.Compile([file])).GetType("Models.Model")!;
        Assert.Equal(width > 2 ? float.NaN : threshold!.Value, code.GetField("Threshold")!.GetRawConstantValue());
        Assert.Equal((Math.Max(2, width), width, width), (Constant<int>(code, "ClassCount"), Constant<int>(code, "InputLength"), Constant<int>(code, "OutputLength")));
        Assert.Equal(type == TensorType.Int8, code.GetField("OutputScale") is not null);
        Assert.Equal(type == TensorType.Int8, code.GetField("InputZeroPoint") is not null);
        Assert.Contains(width > 2 ? "<summary>None: the highest of several classes is decided for.</summary>" : "<summary>The value of class 1 from which on it is decided for.</summary>", file.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Scales_and_zero_points_are_those_of_input_and_output()
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Int16, [1, 2], 0, new TensorQuantization(0.1f, 0));
        int y = builder.AddTensor(TensorType.Int8, [1, 2], 64, new TensorQuantization(1f / 3, -7));
        int[] parameters = new int[OperatorNames.Parameters(Opcode.Dense).Length];
        (parameters[DenseRule.Min], parameters[DenseRule.Max], parameters[DenseRule.ZeroPoint]) = (-128, 127, -7);
        builder.AddOperator(Opcode.Dense, [x, builder.AddConstant(TensorType.Int8, [2, 2], new byte[4]), -1, Ints(builder, 1 << 30), builder.AddConstant(TensorType.Int8, [1], [0]), -1], [y], parameters);
        builder.AddInput(x);
        builder.AddOutput(y);
        var batch = new EmitBatch();
        batch.Add(builder.Build());
        Type code = batch.Code(0);
        Assert.Equal((0.1f, 0, 1f / 3, -7), (Constant<float>(code, "InputScale"), Constant<int>(code, "InputZeroPoint"), Constant<float>(code, "OutputScale"), Constant<int>(code, "OutputZeroPoint")));
    }

    [Fact]
    public void The_header_lists_labels_or_says_none_and_the_name()
    {
        string plain = NanoEmitter.Emit(Model(TensorType.Int8, 3, OutputRole.Probability, null, false), new EmitOptions()).Files.Single().Text;
        Assert.Contains("// labels   none\n", plain, StringComparison.Ordinal);
        Assert.Contains("public static readonly string[] Labels = new string[] {  };", plain, StringComparison.Ordinal);
        Assert.Contains("// model    \n", plain, StringComparison.Ordinal);
        Assert.DoesNotContain("// counts ", plain, StringComparison.Ordinal);
        string named = NanoEmitter.Emit(Model(TensorType.Int8, 3, OutputRole.Probability, null, false, ["low", "mid", "high"], "pump 7"), new EmitOptions()).Files.Single().Text;
        Assert.Contains("// model    pump 7\n", named, StringComparison.Ordinal);
        Assert.Contains("// labels   low, mid, high\n", named, StringComparison.Ordinal);
        Assert.Contains("/// <summary>The model 'pump 7'. Serves one thread at a time.</summary>", named, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_are_listed_in_the_order_of_their_references()
    {
        IReadOnlyList<EmittedFile> files = NanoEmitter.Emit(RandomModels.Layer(3, 150, 140), new EmitOptions("A.B", "M", MaxAssemblies: 99)).Files;
        string names = string.Join(", ", files.Select(file => file.Name));
        for (int i = 0; i < files.Count; i++)
        {
            Assert.Contains($"// parts    an assembly for each of {names}, each referring to those before it\n", files[i].Text, StringComparison.Ordinal);
            Assert.Equal(i, files[i].Text.Split("using static A.B.MPart").Length - 1);
            Assert.Contains(i == files.Count - 1 ? "<summary>The model '" : "<summary>A part of the model '", files[i].Text, StringComparison.Ordinal);
            Assert.DoesNotContain("private static void Step", files[i].Text, StringComparison.Ordinal);
        }
    }

    // 255 sums of one weight of 1 take 8 bits, so that 7 units fit 63; weights of 127 take 15 bits, for 4 units.
    [Theory]
    [InlineData(1, 9, 7)]
    [InlineData(1, 5, 5)]
    [InlineData(127, 9, 4)]
    public void A_layer_says_its_size_its_row_and_how_many_units_share_an_element(int weight, int units, int lanes)
    {
        foreach (int rows in (int[])[1, 2])
        {
            var builder = new ModelBuilder();
            int x = builder.AddTensor(TensorType.Int8, [rows, 1], 0, new TensorQuantization(1f, 0));
            int y = builder.AddTensor(TensorType.Int8, [rows, units], 64, new TensorQuantization(1f, 0));
            int[] parameters = new int[OperatorNames.Parameters(Opcode.Dense).Length];
            (parameters[DenseRule.Min], parameters[DenseRule.Max]) = (-128, 127);
            builder.AddOperator(Opcode.Dense, [x, builder.AddConstant(TensorType.Int8, [units, 1], [.. Enumerable.Repeat((byte)weight, units)]), -1, Ints(builder, 1 << 30), builder.AddConstant(TensorType.Int8, [1], [0]), -1], [y], parameters);
            builder.AddInput(x);
            builder.AddOutput(y);
            string text = NanoEmitter.Emit(builder.Build(), new EmitOptions()).Files.Single().Text;
            for (int row = 0; row < rows; row++)
            {
                Assert.Contains($"// Dense 1 to {units}{(rows > 1 ? $", row {row}" : "")}, up to {lanes} units to an element\n", text, StringComparison.Ordinal);
            }

            Assert.DoesNotContain($"row {rows}", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Counts_are_documented_with_their_numbers_and_instructions()
    {
        foreach ((CountScaling scaling, string expected) in ((CountScaling, string)[])
        [
            (new CountScaling([0.1], [-3]), "InputLength counts: real = (count + offset) * scale, with scale 0.1 and offset -3."),
            (new CountScaling([0.1, 2], [0]), "InputLength counts: real = (count + offset) * scale for each feature, with scale 0.1, 2 and offset 0."),
            (new CountScaling([-1e-7], [1.5, 1e20]), "InputLength counts: real = (count + offset) * scale for each feature, with scale -1E-07 and offset 1.5, 1E+20."),
        ])
        {
            var builder = new ModelBuilder();
            int x = builder.AddTensor(TensorType.Float32, [1, 2], 0);
            int q = builder.AddTensor(TensorType.Int8, [1, 2], 64, unit);
            int y = builder.AddTensor(TensorType.Float32, [1, 2], 128);
            builder.AddOperator(Opcode.Quantize, [x, -1, -1], [q], []);
            builder.AddOperator(Opcode.Dequantize, [q], [y], []);
            builder.AddInput(x);
            builder.AddOutput(y, OutputRole.Probability);
            EmittedModel model = NanoEmitter.Emit(builder.Build(), new EmitOptions { Counts = scaling });
            Assert.Contains($"<param name=\"counts\">{expected}</param>", model.Files.Single().Text, StringComparison.Ordinal);

            // From the count to the integers on which the class is decided: what scales, and what lies between, without the float32 ends.
            string line = model.Files.Single().Text.Split('\n').Single(line => line.StartsWith("// counts ", StringComparison.Ordinal));
            int count = int.Parse(line.Split("about ")[1].Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
            Assert.Equal($"// counts   Classify(int[]) takes about {count} IL instructions", line);
            Assert.NotEqual(model.Instructions, count);
            Type code = Assembly.Load(EmittedCode.Compile(model.Files)).GetType("Models.Model")!;
            int Bytes(string prefix) => code.GetMethods(BindingFlags.Static | BindingFlags.NonPublic).Where(method => method.Name.StartsWith(prefix, StringComparison.Ordinal)).Sum(method => method.GetMethodBody()!.GetILAsByteArray()!.Length);

            // An instruction takes two to three bytes on average here.
            Assert.InRange((Bytes("Scale") + Bytes("Step")) / (double)count, 1.2, 4.5);
            Assert.InRange((Bytes("Quantize") + Bytes("Step") + Bytes("Dequantize")) / (double)model.Instructions, 1.2, 4.5);
        }
    }

    [Fact]
    public void The_table_and_the_resource_form_say_their_bytes_and_hash()
    {
        byte[] bytes = RandomModels.Layer(1, 60, 30);
        string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        string length = bytes.Length.ToString(CultureInfo.InvariantCulture);
        string grouped = bytes.Length.ToString("#,##0", CultureInfo.InvariantCulture);
        Assert.True(bytes.Length > 1000);
        EmittedModel table = TableForm.Emit(bytes, new EmitOptions("A", "B"));
        Assert.Contains($"// SHA-256  {hash}\n", table.Files.Single().Text, StringComparison.Ordinal);
        Assert.Contains($"/// <summary>A model file of {length} bytes.</summary>", table.Files.Single().Text, StringComparison.Ordinal);
        Assert.Contains("// needs    the assembly EdgeInference.Nano\n", table.Files.Single().Text, StringComparison.Ordinal);
        Assert.Null(table.Resource);
        EmittedModel resource = ResourceForm.Emit(bytes, new EmitOptions("A", "B"));
        string text = resource.Files.Single().Text.ReplaceLineEndings("\n");
        Assert.Contains($"// SHA-256  {hash}\n", text, StringComparison.Ordinal);
        Assert.Contains($"// data     B.g.bin, {grouped} bytes, as a binary resource or a file\n", text, StringComparison.Ordinal);
        Assert.Contains($"/// <summary>A model file of {length} bytes, B.g.bin, that is read in chunks.</summary>", text, StringComparison.Ordinal);
        Assert.Equal((0, 0, 0), (resource.Files[0].InstructionBytes, resource.Files[0].ConstantBytes, resource.Files[0].TableBytes));
        Assert.All([table, resource], model => Assert.DoesNotContain('\r', model.Files.Single().Text));
        Assert.Null(NanoEmitter.Emit(bytes, new EmitOptions()).Resource);
    }

    private static T Constant<T>(Type code, string name) => (T)code.GetField(name)!.GetRawConstantValue()!;

    private static int Ints(ModelBuilder builder, int value) => builder.AddConstant(TensorType.Int32, [1], MemoryMarshal.AsBytes<int>([value]));

    // The outputs are the inputs.
    private static byte[] Model(TensorType type, int width, OutputRole role, float? threshold, bool abstains, string[]? labels = null, string? name = null)
    {
        var builder = new ModelBuilder();
        TensorQuantization? quantization = type == TensorType.Float32 ? null : unit;
        int x = builder.AddTensor(type, [1, width], 0, quantization);
        int y = builder.AddTensor(type, [1, width], 0, quantization);
        builder.AddOperator(Opcode.Reshape, [x], [y], []);
        builder.AddInput(x);
        builder.AddOutput(y, role);
        if (threshold is { } value)
        {
            builder.AddFloats(MetadataKey.Threshold, [value]);
        }

        if (abstains)
        {
            builder.AddFloats(MetadataKey.AbstainBand, [0.4f, 0.6f]);
        }

        if (labels is not null)
        {
            builder.AddTextList(MetadataKey.Labels, labels);
        }

        if (name is not null)
        {
            builder.AddText(MetadataKey.Name, name);
        }

        return builder.Build();
    }
}
