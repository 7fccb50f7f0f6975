using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelConverter.Emit.Trees;
using EdgeInference.ModelConverter.Features;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Nano.Tests.Emit;
using EdgeInference.Nano.Tests.Kernels.Elementwise;
using EdgeInference.Nano.Tests.Models;
using EdgeInference.Runtime;

namespace EdgeInference.Nano.Tests;

/// <summary>
/// The data of EdgeRuntime.Nano.DeviceTests: models, vectors with EdgeRuntime's outputs, and the emitted forms. Written anew by
/// <c>EDGE_WRITE_GOLDEN=1 dotnet test tests/EdgeRuntime.Nano.Tests --filter GoldenTests</c>; held to the engine and the emitter
/// otherwise. Models on the same data share its inputs: an assembly holds 64 KiB of arrays. The .edge files beside them were made with <c>edge export</c> and do not change with the quantizer.
/// </summary>
public class GoldenTests
{
    private const int Vectors = 5;

    [Fact]
    public void Breast_cancer() => Check("BreastCancer", "breast_cancer.edge", [.. TestRows("breast_cancer"), .. NotFinite(30)]);

    [Fact]
    public void Digits() => Check("Digits", "digits.edge", TestRows("digits"));

    [Fact]
    public void Breast_cancer_in_float32() => Check("BreastCancerFloat", "breast_cancer_float32.edge", [.. TestRows("breast_cancer"), .. NotFinite(30)], inputs: false, bytes: false);

    [Fact]
    public void Breast_cancer_in_int16() => Check("BreastCancerInt16", "breast_cancer_int16.edge", [.. TestRows("breast_cancer"), .. NotFinite(30)], inputs: false);

    [Fact]
    public void Digits_in_int16() => Check("DigitsInt16", "digits_int16.edge", TestRows("digits"), emits: false, inputs: false);

    [Fact]
    public void Digits_by_convolutions() => Check("DigitsCnn", "digits_cnn.edge", TestRows("digits"), emits: false, inputs: false);

    [Fact]
    public void Float32_operators() => CheckMade("FloatOperators", "float_operators.edge", () => RandomModels.EveryFloat32(36369), 2);

    [Fact]
    public void Int8_operators() => CheckMade("Int8Operators", "int8_operators.edge", () => RandomModels.EveryInt8(641), 1);

    [Fact]
    public void Features_of_a_table()
    {
        string edge = Edge("features.edge", () => Enumerable.Range(0, 1_000).Select(RandomModels.Features).First(HasEveryKind));
        using EdgeModel model = EdgeModel.Load(File.ReadAllBytes(Path.Combine(Folder(), "..", "EdgeRuntime.Nano.DeviceTests", "Golden", edge)));
        var random = new Random(3);

        // Knots and boundaries are multiples of 1/8.
        Check("Features", edge, [.. NotFinite(model.InputLength), .. Enumerable.Range(0, 6).Select(_ => Enumerable.Range(0, model.InputLength).Select(_ => random.Next(-20, 21) / 8f).ToArray())], asText: true);
    }

    [Fact]
    public void Emitted_operators_in_int8() => CheckEmitted();

    [Fact]
    public void Functions() => Check("Functions", Edge("functions.edge", MakeFunctions), [FunctionTests.Special], emits: false);

    [Fact]
    public void Choices_on_what_is_not_finite() => Check("NotFinite", Edge("not_finite.edge", MakeChoices), [FunctionTests.Special], emits: false, asText: true);

    // Emitted only: the engine on a device takes the two infinities of a comparison for equal.
    [Fact]
    public void Trees_of_three_classes() => CheckTrees("Trees", new TreeModels(11) { Trees = 6, Depth = 3, Features = 4, Targets = 3, Weight = random => random.Next(65) / 64f });

    [Fact]
    public void Trees_with_any_weights() => CheckTrees("TreeMean", new TreeModels(12) { Trees = 5, Depth = 3, Features = 4, Aggregate = 1 });

    [Fact]
    public void Layer_of_16_by_16()
    {
        var random = new Random(16);
        Check("Layer", "layer.edge", [.. Enumerable.Range(0, Vectors).Select(_ => Enumerable.Range(0, 16).Select(_ => (float)random.Next(-128, 128)).ToArray())]);
    }

    [Fact]
    public void Int16_layer_of_16_by_16()
    {
        var random = new Random(16);
        Check("LayerInt16", "layer_int16.edge", [.. Enumerable.Range(0, Vectors).Select(_ => Enumerable.Range(0, 16).Select(_ => (float)random.Next(-32768, 32768)).ToArray())]);
    }

    private static void CheckTrees(string name, TreeModels models)
    {
        string edge = Edge(name.ToLowerInvariant() + ".edge", models.Build);
        byte[] file = File.ReadAllBytes(Path.Combine(Folder(), "..", "EdgeRuntime.Nano.DeviceTests", "Golden", edge));
        float[] thresholds = new ForestRecord(ModelFile.Read(new ModelBytes(file)).Operators[0]).Thresholds;
        var random = new Random(1);
        List<float[]> rows = [.. NotFinite(models.Features), .. Enumerable.Range(0, 24).Select(_ => TreeModels.Row(random, models.Features, thresholds))];
        Check(name, edge, rows, asText: true, counts: new CountScaling([0.125], [-100]));
    }

    // The code alone, of a model with loops: the assembly has little room for more. Rows that are not finite are among its inputs.
    private static void CheckEmitted()
    {
        const TensorType Type = TensorType.Int8;
        const int Inputs = 6 * 5 * 4;
        var random = new Random(1);
        float[] row = [.. Enumerable.Range(0, Inputs).Select(_ => ((float)random.NextDouble() * 4f) - 2f)];
        string path = Edge("emitted_int8.edge", () => Enumerable.Range(0, 2_000).Select(seed => RandomModels.EmittedMixture(seed, Type)).First(file => IsVaried(file, row)));
        List<float[]> rows = [row, .. NotFinite(Inputs)];
        Check("EmittedInt8", path, rows, bytes: false);
    }

    // A model with a depthwise convolution and one with a border, whose outputs tell something.
    private static bool IsVaried(byte[] file, float[] row)
    {
        using EdgeModel model = EdgeModel.Load(file);
        using Session session = model.CreateSession(KernelSet.Reference);
        float[] output = new float[session.OutputLength];
        session.Run(row, output);
        OperatorRecord[] convolutions = [.. model.File.Operators.Where(record => record.Info.Opcode == Opcode.Conv)];
        return output.Distinct().Count() >= 8
            && Array.Exists(convolutions, record => record.Int(ConvRule.Groups) > 1 && record.Inputs[1].LastDimension == 1)
            && Array.Exists(convolutions, record => record.Int(ConvRule.Pad) > 0 && record.Inputs[1].LastDimension > 1);
    }

    private static void CheckMade(string name, string edge, Func<byte[]> make, int vectors)
    {
        string path = Edge(edge, make);
        using EdgeModel model = EdgeModel.Load(File.ReadAllBytes(Path.Combine(Folder(), "..", "EdgeRuntime.Nano.DeviceTests", "Golden", path)));
        var random = new Random(1);
        Check(name, path, [.. Enumerable.Range(0, vectors).Select(_ => Enumerable.Range(0, model.InputLength).Select(_ => ((float)random.NextDouble() * 4f) - 2f).ToArray())], emits: false);
    }

    private static bool HasEveryKind(byte[] file)
    {
        using EdgeModel model = EdgeModel.Load(file);
        return FeatureTransformPlan.Of(model.File.Operators[0]).Columns.Select(column => column.Kind).Distinct().Count() == Enum.GetValues<FeatureKind>().Length;
    }

    // A model that is made here is made once, so that it does not change with the generator.
    private static string Edge(string name, Func<byte[]> make)
    {
        string path = Path.Combine(Folder(), "..", "EdgeRuntime.Nano.DeviceTests", "Golden", name);
        if (Environment.GetEnvironmentVariable("EDGE_WRITE_GOLDEN") == "1" && !File.Exists(path))
        {
            File.WriteAllBytes(path, make());
        }

        return name;
    }

    // Each function of one number on what is special, and each of two on what is special and the same turned round.
    private static byte[] MakeFunctions()
    {
        int n = FunctionTests.Special.Length;
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [n], 0);
        builder.AddInput(input);
        int turned = builder.AddTensor(TensorType.Float32, [n], 4096);
        int[] turn = new int[OperatorNames.Parameters(Opcode.Slice).Length];
        turn[SliceRule.Start] = n - 1;
        turn[SliceRule.Step] = -1;
        builder.AddOperator(Opcode.Slice, [input], [turned], turn);
        int offset = 8192;

        // A sine of what is beyond a float32's digits is any number.
        int small = builder.AddTensor(TensorType.Float32, [n], 6144);
        builder.AddOperator(Opcode.Unary, [input], [small], [(int)UnaryKind.Clip, BitConverter.SingleToInt32Bits(-9f), BitConverter.SingleToInt32Bits(9f)]);
        foreach (UnaryKind kind in Enum.GetValues<UnaryKind>())
        {
            int output = builder.AddTensor(TensorType.Float32, [n], offset);
            offset += 1024;
            builder.AddOperator(Opcode.Unary, [kind is UnaryKind.Sin or UnaryKind.Cos or UnaryKind.Tan ? small : input], [output], [(int)kind, BitConverter.SingleToInt32Bits(-0.25f), BitConverter.SingleToInt32Bits(2f)]);
            builder.AddOutput(output);
        }

        foreach (BinaryKind kind in Enum.GetValues<BinaryKind>())
        {
            int output = builder.AddTensor(TensorType.Float32, [n], offset);
            offset += 1024;
            builder.AddOperator(Opcode.Binary, [input, turned], [output], [(int)kind]);
            builder.AddOutput(output);
        }

        return builder.Build();
    }

    // Every operator that compares: each activation, and choices among pairs of special values in both orders.
    private static byte[] MakeChoices()
    {
        int n = FunctionTests.Special.Length;
        var builder = new ModelBuilder();
        int offset = 0;
        int Tensor(params int[] shape)
        {
            offset += 1024;
            return builder.AddTensor(TensorType.Float32, shape, offset - 1024);
        }

        int Add(Opcode opcode, int[] inputs, int[] parameters, params int[] shape)
        {
            int output = Tensor(shape);
            builder.AddOperator(opcode, inputs, [output], parameters);
            return output;
        }

        int input = Tensor(n);
        builder.AddInput(input);
        int[] turn = new int[OperatorNames.Parameters(Opcode.Slice).Length];
        turn[SliceRule.Start] = n - 1;
        turn[SliceRule.Step] = -1;
        int turned = Add(Opcode.Slice, [input], turn, n);
        foreach (ActivationFunction function in ActivationFunctions.All)
        {
            int[] inputs = function.Kind == ActivationKind.PReLU ? [input, builder.AddConstant(TensorType.Float32, [n], MemoryMarshal.AsBytes<float>(Enumerable.Repeat(function.DefaultAlpha, n).ToArray()))] : [input];
            builder.AddOutput(Add(Opcode.Activation, inputs, [(int)function.Kind, BitConverter.SingleToInt32Bits(function.DefaultAlpha), BitConverter.SingleToInt32Bits(function.DefaultBeta)], n));
        }

        foreach (int values in (int[])[input, turned])
        {
            int pairs = Add(Opcode.Reshape, [values], [], n / 2, 2);
            foreach (ReduceKind kind in (ReduceKind[])[ReduceKind.Max, ReduceKind.Min, ReduceKind.Sum, ReduceKind.LogSumExp])
            {
                builder.AddOutput(Add(Opcode.Reduce, [pairs], [(int)kind, 2, 0, 0], n / 2));
            }

            foreach ((int smallest, int last) in (ReadOnlySpan<(int, int)>)[(0, 0), (0, 1), (1, 0), (1, 1)])
            {
                builder.AddOutput(Add(Opcode.ArgReduce, [pairs], [smallest, 1, last], n / 2));
            }

            builder.AddOutput(Add(Opcode.Softmax, [pairs], [BitConverter.SingleToInt32Bits(1f), 0, 0, 0], n / 2, 2));
            builder.AddOutput(Add(Opcode.LogSoftmax, [pairs], [], n / 2, 2));
            int image = Add(Opcode.Reshape, [values], [], 1, n / 2, 2, 1);
            int[] pool = new int[OperatorNames.Parameters(Opcode.MaxPool).Length];
            pool[PoolRule.Kernel] = pool[PoolRule.Stride] = pool[PoolRule.Stride + 1] = pool[PoolRule.Dilation] = pool[PoolRule.Dilation + 1] = 1;
            pool[PoolRule.Kernel + 1] = 2;
            builder.AddOutput(Add(Opcode.MaxPool, [image], pool, 1, n / 2, 1, 1));
        }

        // A tree for each comparison, with missing values on either side.
        int column = Add(Opcode.Reshape, [input], [], n, 1);
        builder.AddOutput(Add(
            Opcode.TreeEnsemble,
            [
                column,
                builder.AddConstant(TensorType.Int8, [12], [.. Enumerable.Repeat((byte)1, 12)]),
                builder.AddConstant(TensorType.Int8, [12], new byte[12]),
                builder.AddConstant(TensorType.Int8, [12, 2], [.. Enumerable.Range(0, 24).Select(side => (byte)(255 - (side % 2)))]),
                builder.AddConstant(TensorType.Float32, [12], MemoryMarshal.AsBytes<float>(new float[12])),
                builder.AddConstant(TensorType.Float32, [2, 1], MemoryMarshal.AsBytes<float>([1f, 2f])),
                builder.AddConstant(TensorType.Int8, [12], [.. Enumerable.Range(0, 12).Select(tree => (byte)tree)]),
                builder.AddConstant(TensorType.Int8, [12], [.. Enumerable.Range(0, 12).Select(tree => (byte)((tree % 6) + (tree / 6 * 8)))]),
            ],
            [0, 0, (int)TreeTargets.OfTree],
            n,
            12));
        int probability = Add(Opcode.Activation, [column], [(int)ActivationKind.Sigmoid, 0, 0], n, 1);
        builder.AddOutput(Add(Opcode.PairwiseCoupling, [probability], [], n, 2));
        int bytes = builder.AddTensor(TensorType.Int8, [n], offset, new TensorQuantization(0.1f, 3));
        offset += 1024;
        builder.AddOperator(Opcode.Quantize, [input], [bytes], []);
        builder.AddOutput(Add(Opcode.Dequantize, [bytes], [], n));
        return builder.Build();
    }

    private static void Check(string name, string edge, List<float[]> rows, bool emits = true, bool inputs = true, bool bytes = true, bool asText = false, CountScaling? counts = null)
    {
        string folder = Path.Combine(Folder(), "..", "EdgeRuntime.Nano.DeviceTests", "Golden");
        byte[] file = File.ReadAllBytes(Path.Combine(folder, edge));
        var files = new List<(string Path, string Text)> { (Path.Combine(folder, name + "Golden.g.cs"), Data(name, file, rows, inputs, bytes, asText)) };
        if (emits)
        {
            files.Add((Path.Combine(folder, name + "Model.g.cs"), NanoEmitter.Emit(file, new EmitOptions("EdgeInference.Nano.DeviceTests", name + "Model") { Counts = counts }).Files.Single().Text));
        }

        foreach ((string path, string text) in files)
        {
            if (Environment.GetEnvironmentVariable("EDGE_WRITE_GOLDEN") == "1")
            {
                File.WriteAllText(path, text);
            }

            string committed = File.ReadAllText(path);
            Assert.True(text == committed || Same(text, committed), $"{path} is not what the engine and the emitter give; write it anew.");
        }
    }

    // float32 kernels may change in the last bits; everything else is exact.
    private static bool Same(string expected, string committed)
    {
        string[] a = expected.Split(' ', ',', '\n');
        string[] b = committed.Split(' ', ',', '\n');
        return a.Length == b.Length && a.Zip(b).All(pair => pair.First == pair.Second || (Parse(pair.First, out float x) && Parse(pair.Second, out float y) && MathF.Abs(x - y) <= 2e-6f * MathF.Max(1f, MathF.Abs(x))));
    }

    private static bool Parse(string text, out float value)
    {
        value = 0f;
        return text.EndsWith('f') && float.TryParse(text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    private static string Data(string name, byte[] file, List<float[]> rows, bool writesInputs, bool writesFile, bool asText)
    {
        using EdgeModel model = EdgeModel.Load(file);
        using Session session = model.CreateSession(KernelSet.Reference);

        // Raw where input and output are integers of one type.
        TensorType inputType = model.File.Inputs[0].Type == model.File.Outputs[0].Type ? model.File.Inputs[0].Type : TensorType.Float32;
        var inputs = new List<string>();
        var outputs = new List<string>();
        var allOutputs = new List<float>();
        foreach (float[] row in rows)
        {
            float[] output = new float[session.OutputLength];
            if (inputType == TensorType.Int16)
            {
                Array.ConvertAll(row, value => (short)value).CopyTo(session.Input<short>());
                session.Run();
                inputs.AddRange(row.Select(value => value.ToString(CultureInfo.InvariantCulture)));
                outputs.AddRange(session.Output<short>().ToArray().Select(value => value.ToString(CultureInfo.InvariantCulture)));
                continue;
            }

            if (inputType == TensorType.Int8)
            {
                Array.ConvertAll(row, value => (sbyte)value).CopyTo(session.Input<sbyte>());
                session.Run();
                inputs.AddRange(row.Select(value => value.ToString(CultureInfo.InvariantCulture)));
                outputs.AddRange(session.Output<sbyte>().ToArray().Select(value => value.ToString(CultureInfo.InvariantCulture)));
                continue;
            }

            session.Run(row, output);
            inputs.AddRange(row.Select(Number));
            outputs.AddRange(output.Select(Number));
            allOutputs.AddRange(output);
        }

        long macs = model.File.Operators.Sum(Macs);
        string type = inputType switch { TensorType.Int8 => "sbyte", TensorType.Int16 => "short", _ => "float" };
        var text = new StringBuilder("// <auto-generated>Written by GoldenTests of EdgeRuntime.Nano.Tests.</auto-generated>\n\nnamespace EdgeInference.Nano.DeviceTests\n{\n");
        text.Append(CultureInfo.InvariantCulture, $"    internal static class {name}Golden\n    {{\n        internal const int Macs = {macs};\n\n");
        if (asText)
        {
            // Arrays of an assembly share a table of 64 KiB, and texts have one of their own.
            Hex(text, "byte[] File", "Hex.Bytes", file);
            Hex(text, "float[] Inputs", "Hex.Floats", MemoryMarshal.AsBytes<float>(rows.SelectMany(row => row).ToArray()));
            Hex(text, "float[] Outputs", "Hex.Floats", MemoryMarshal.AsBytes<float>(allOutputs.ToArray()));
            text.Length--;
            return text.Append("    }\n}\n").ToString();
        }

        if (writesFile)
        {
            Values(text, "byte", "File", file.Select(value => value.ToString(CultureInfo.InvariantCulture)));
        }

        if (writesInputs)
        {
            Values(text, type, "Inputs", inputs);
        }

        Values(text, type, "Outputs", outputs);
        text.Length--;
        return text.Append("    }\n}\n").ToString();
    }

    private static long Macs(OperatorRecord record) => record.Info.Opcode is Opcode.Dense or Opcode.Conv
        ? (long)record.Outputs[0].Elements / record.Inputs[1].Dimension(0) * record.Inputs[1].Elements
        : 0;

    private static void Values(StringBuilder text, string type, string name, IEnumerable<string> values)
    {
        text.Append(CultureInfo.InvariantCulture, $"        internal static readonly {type}[] {name} =\n        {{\n");
        foreach (string[] line in values.Chunk(24))
        {
            text.Append("            ").AppendJoin(", ", line).Append(",\n");
        }

        text.Append("        };\n\n");
    }

    private static void Hex(StringBuilder text, string field, string decode, ReadOnlySpan<byte> values) =>
        text.Append(CultureInfo.InvariantCulture, $"        internal static readonly {field} = {decode}(\"{Convert.ToHexStringLower(values)}\");\n\n");

    private static string Number(float value) => float.IsNaN(value) ? "float.NaN"
        : float.IsInfinity(value) ? (value > 0f ? "float.PositiveInfinity" : "float.NegativeInfinity")
        : value.ToString("G9", CultureInfo.InvariantCulture) + "f";

    // nanoFramework takes a NaN for greater than any number, so that these rows come out otherwise where a comparison forgets it.
    private static IEnumerable<float[]> NotFinite(int features)
    {
        foreach (float value in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f])
        {
            yield return [.. Enumerable.Repeat(value, features)];
        }

        yield return [.. Enumerable.Range(0, features).Select(i => i == 3 ? float.NaN : 1f)];
    }

    private static List<float[]> TestRows(string data) => [.. Rows(data + ".test.csv").Take(Vectors)];

    private static List<float[]> Rows(string name)
    {
        // The label is the last column.
        string[] lines = File.ReadAllLines(Path.Combine(DataFolder(), name));
        return [.. lines.Skip(1).Where(line => line.Length > 0).Select(line => line.Split(',')[..^1].Select(value => float.Parse(value, CultureInfo.InvariantCulture)).ToArray())];
    }

    private static string DataFolder() => Path.Combine(Folder(), "..", "..", "data");

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
