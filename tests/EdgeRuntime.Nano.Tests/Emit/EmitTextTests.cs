using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Nano.Tests.Models;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>Numbers, texts and names in emitted code: they come back as they were, on any machine.</summary>
public partial class EmitTextTests
{
    [Fact]
    public void Numbers_come_back_from_the_compiler_as_they_were()
    {
        var random = new Random(7);
        float[] floats =
        [
            0f, -0f, 1f, -1f, 0.1f, 1f / 3, float.Epsilon, -float.Epsilon, 1.17549435e-38f, 1.17549421e-38f, float.MaxValue, float.MinValue,
            float.NaN, float.PositiveInfinity, float.NegativeInfinity, 16777216f, 16777217f, 1e10f, 123456789f, 1e-7f,
            .. Enumerable.Range(0, 3000).Select(_ => BitConverter.Int32BitsToSingle((int)random.NextInt64(int.MinValue, 1L << 31))),
        ];
        long[] longs = [0, 1, -1, int.MaxValue, int.MinValue, int.MaxValue + 1L, int.MinValue - 1L, uint.MaxValue, long.MaxValue, long.MinValue, long.MinValue + 1, 1L << 62];
        int[] ints = [0, -1, 1, int.MinValue, int.MaxValue];
        string[] texts = ["", "plain", "\"", "\\", "\\u0041", "\r\n\t\0\a", "{0}", "é漢😀\ud800", "\u2028\u2029\u0085", "~ \u007f", "*/ // <b>&amp;"];
        string text = $$"""
            public static class T
            {
                public static float[] F = new float[] { {{string.Join(", ", floats.Select(Literal.Of))}} };
                public static long[] L = new long[] { {{string.Join(", ", longs.Select(Literal.Of))}} };
                public static int[] I = new int[] { {{string.Join(", ", ints.Select(value => Literal.Of(value)))}} };
                public static string[] S = new string[] { {{string.Join(", ", texts.Select(Literal.Of))}} };
            }
            """;
        Type type = Assembly.Load(EmittedCode.CompileText(text, Microsoft.CodeAnalysis.CSharp.LanguageVersion.CSharp7_3)).GetType("T")!;
        float[] back = (float[])type.GetField("F")!.GetValue(null)!;
        Assert.Equal(floats.Select(value => float.IsNaN(value) ? 0x7FC00000 : BitConverter.SingleToInt32Bits(value) & 0xFFFFFFFF), back.Select(value => float.IsNaN(value) ? 0x7FC00000 : BitConverter.SingleToInt32Bits(value) & 0xFFFFFFFF));
        Assert.Equal(longs, (long[])type.GetField("L")!.GetValue(null)!);
        Assert.Equal(ints, (int[])type.GetField("I")!.GetValue(null)!);
        Assert.Equal(texts, (string[])type.GetField("S")!.GetValue(null)!);
    }

    // Swedish and Norwegian write −1 with another sign, others the decimal with a comma.
    [Fact]
    public void The_language_of_the_machine_changes_nothing()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = "−";
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.PositiveInfinitySymbol = "∞";
        var models = new List<(byte[] File, EmitOptions Options)>();
        for (int seed = 0; seed < 12; seed++)
        {
            models.Add((RandomModels.Int8(seed), new EmitOptions(MaxAssemblies: 99)));
            models.Add((RandomModels.Mixed(seed), new EmitOptions(MaxAssemblies: 99)));
            models.Add((RandomModels.Float32(seed), new EmitOptions(MaxAssemblies: 99)));
        }

        models.Add((Counted(), new EmitOptions { Counts = new CountScaling([0.25, -0.5], [-3, 2.5]) }));
        foreach (Func<ReadOnlyMemory<byte>, EmitOptions, EmittedModel> emit in (Func<ReadOnlyMemory<byte>, EmitOptions, EmittedModel>[])[NanoEmitter.Emit, TableForm.Emit, ResourceForm.Emit])
        {
            foreach ((byte[] file, EmitOptions options) in models)
            {
                string expected = Emit(emit, file, options, CultureInfo.InvariantCulture);
                Assert.Equal(expected, Emit(emit, file, options, culture));
            }
        }

        // The caller's own culture is left as it was.
        Assert.Equal(culture, After(culture));

        static CultureInfo After(CultureInfo culture)
        {
            CultureInfo before = CultureInfo.CurrentCulture;
            try
            {
                CultureInfo.CurrentCulture = culture;
                NanoEmitter.Emit(RandomModels.Layer(1, 3, 2), new EmitOptions());
                return CultureInfo.CurrentCulture;
            }
            finally
            {
                CultureInfo.CurrentCulture = before;
            }
        }
    }

    [Fact]
    public void Names_and_labels_cannot_leave_the_comments_that_hold_them()
    {
        // Each of these ends a line of C#.
        foreach (string end in (string[])["\n", "\r", "\u0085", "\u2028", "\u2029"])
        {
            var builder = new ModelBuilder();
            int x = builder.AddTensor(TensorType.Int8, [1, 2], 0, new TensorQuantization(1f / 256, -128));
            int y = builder.AddTensor(TensorType.Int8, [1, 2], 0, new TensorQuantization(1f / 256, -128));
            builder.AddOperator(Opcode.Reshape, [x], [y], []);
            builder.AddInput(x);
            builder.AddOutput(y, OutputRole.Probability);
            builder.AddText(MetadataKey.Name, $"name{end}#error <b> & ]]>");
            builder.AddTextList(MetadataKey.Labels, [$"a{end}#error", "b"]);
            byte[] file = builder.Build();
            EmittedFile emitted = NanoEmitter.Emit(file, new EmitOptions()).Files[0];
            Type code = Assembly.Load(EmittedCode.Compile([emitted])).GetType("Models.Model")!;
            Assert.Equal([$"a{end}#error", "b"], (string[])code.GetField("Labels")!.GetValue(null)!);
            Assert.Contains("// model    name #error  b    ]] \n", emitted.Text, StringComparison.Ordinal);
            Assert.Contains("// labels   a #error, b\n", emitted.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Models", "Model")]
    [InlineData("A.B_c.D1", "_x")]
    [InlineData("Ünïcode", "漢")]
    public void The_class_has_the_names_that_were_asked_for(string space, string name)
    {
        byte[] file = Counted();
        var options = new EmitOptions(space, name) { Counts = new CountScaling([1], [0]) };
        Type code = Assembly.Load(EmittedCode.Compile(NanoEmitter.Emit(file, options).Files)).GetType($"{space}.{name}")!;
        Assert.Equal(2, code.GetField("InputLength")!.GetRawConstantValue());
        Assert.Equal($"{name}.g.cs", NanoEmitter.Emit(file, options).Files[^1].Name);
        foreach (EmittedModel form in (EmittedModel[])[TableForm.Emit(file, options), ResourceForm.Emit(file, options)])
        {
            Assert.NotNull(Assembly.Load(EmittedCode.Compile(form.Files)).GetType($"{space}.{name}")!.GetMethod("Load"));
            Assert.Equal($"{name}.g.cs", form.Files.Single().Name);
        }
    }

    [Theory]
    [InlineData("class", "Model", "The namespace 'class' has 'class'")]
    [InlineData("A.B.event", "Model", "The namespace 'A.B.event' has 'event'")]
    [InlineData("A", "class", "The class name 'class' is a C# keyword")]
    [InlineData("A", "B.C", "The class name 'B.C' has a dot")]
    [InlineData("A", "Run", "The class name 'Run' is the name of a member")]
    [InlineData("A", "Labels", "The class name 'Labels' is the name of a member")]
    [InlineData("A", "Step1", "The class name 'Step1' is the name of a member")]
    [InlineData("A", "Load", "The class name 'Load' is the name of a member")]
    public void A_name_that_cannot_be_compiled_is_refused(string space, string name, string expected)
    {
        byte[] file = Counted();
        foreach (Func<ReadOnlyMemory<byte>, EmitOptions, EmittedModel> emit in (Func<ReadOnlyMemory<byte>, EmitOptions, EmittedModel>[])[NanoEmitter.Emit, TableForm.Emit, ResourceForm.Emit])
        {
            Assert.StartsWith(expected, Assert.Throws<InputException>(() => emit(file, new EmitOptions(space, name))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_member_of_emitted_code_is_a_name_that_its_class_cannot_have()
    {
        // The compiler refuses a class with a member of its own name, so the emitter does.
        for (int seed = 0; seed < 12; seed++)
        {
            byte[] file = seed == 0 ? Counted() : seed % 2 == 0 ? RandomModels.Int8(seed) : RandomModels.Mixed(seed);
            EmittedModel model;
            try
            {
                model = NanoEmitter.Emit(file, new EmitOptions { Counts = seed == 0 ? new CountScaling([1], [0]) : null });
            }
            catch (InputException)
            {
                continue;
            }

            Type code = Assembly.Load(EmittedCode.Compile(model.Files)).GetType("Models.Model")!;
            foreach (MemberInfo member in code.GetMembers(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Where(member => !member.Name.StartsWith('.') && !member.Name.StartsWith("get_", StringComparison.Ordinal) && !member.Name.StartsWith('<')))
            {
                Assert.Contains($"'{member.Name}'", Assert.Throws<InputException>(() => NanoEmitter.Emit(file, new EmitOptions("A", member.Name))).Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Every_keyword_is_refused_as_the_compiler_refuses_it()
    {
        byte[] file = Counted();
        foreach (Microsoft.CodeAnalysis.CSharp.SyntaxKind kind in Enum.GetValues<Microsoft.CodeAnalysis.CSharp.SyntaxKind>().Where(Microsoft.CodeAnalysis.CSharp.SyntaxFacts.IsReservedKeyword))
        {
            string keyword = Microsoft.CodeAnalysis.CSharp.SyntaxFacts.GetText(kind);
            if (keyword.StartsWith('_'))
            {
                // Undocumented: __makeref and the like.
                continue;
            }

            Assert.Throws<InputException>(() => NanoEmitter.Emit(file, new EmitOptions("A", keyword)));
            Assert.Throws<InputException>(() => NanoEmitter.Emit(file, new EmitOptions("A." + keyword, "B")));
        }
    }

    [Fact]
    public void A_keyword_in_capitals_is_a_name() =>
        Assert.NotNull(Assembly.Load(EmittedCode.Compile(NanoEmitter.Emit(Counted(), new EmitOptions("Event", "Switch")).Files)).GetType("Event.Switch"));

    [Fact]
    public void The_header_says_what_is_there()
    {
        int seen = 0;
        for (int seed = 0; seed < 25; seed++)
        {
            byte[] bytes = seed % 2 == 0 ? RandomModels.Int8(seed) : RandomModels.Mixed(seed);
            ModelFile file = ModelFile.Read(new ModelBytes(bytes));
            EmittedModel model;
            try
            {
                model = NanoEmitter.Emit(bytes, new EmitOptions(MaxAssemblies: 99));
            }
            catch (InputException)
            {
                // A Softmax too wide for a method.
                continue;
            }

            seen++;
            foreach (EmittedFile part in model.Files)
            {
                string Line(string key) => HeaderLine().Matches(part.Text).Single(match => match.Groups[1].Value == key).Groups[2].Value;
                Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), Line("SHA-256"));
                Assert.Equal($"{Sum(file.Inputs)} {Type(file.Inputs[0])}, output {Sum(file.Outputs)} {Type(file.Outputs[0])}", Line("input"));
                Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"about {model.Instructions:N0} IL instructions, {model.Milliseconds:0.0} ms on an ESP32 (estimated) in a Release build"), Line("time"));
                Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"at most {part.InstructionBytes:N0} bytes of IL, {part.ConstantBytes:N0} bytes of tables"), Line("size"));
                Assert.Equal(model.NeedsEngine, part.Text.Contains("\n// needs    the assembly EdgeInference.Nano\n", StringComparison.Ordinal));
                Assert.Equal(model.NeedsEngine, part.Text.Contains("using EdgeInference.Nano;", StringComparison.Ordinal));
                Assert.Equal(model.Files.Count > 1, part.Text.Contains("\n// parts ", StringComparison.Ordinal));
            }

            Assert.True(model.MachineInstructions > model.Instructions);
            Assert.Equal(NanoBoard.Esp32.Milliseconds(model.MachineInstructions), model.Milliseconds, 1e-9);
        }

        Assert.True(seen > 15);

        static int Sum(TensorInfo[] tensors) => tensors.Sum(tensor => tensor.Elements);

        static string Type(TensorInfo tensor) => tensor.Type switch { TensorType.Float32 => "float", TensorType.Int8 => "sbyte", _ => "short" };
    }

    [Fact]
    public void Bytes_of_code_and_tables_are_those_of_what_is_compiled()
    {
        for (int seed = 100; seed < 140; seed++)
        {
            byte[] bytes = (seed % 3) switch { 0 => RandomModels.Int8(seed), 1 => RandomModels.Mixed(seed), _ => RandomModels.Float32(seed) };
            EmittedModel model;
            try
            {
                model = NanoEmitter.Emit(bytes, new EmitOptions());
            }
            catch (InputException)
            {
                continue;
            }

            byte[] image = EmittedCode.Compile(model.Files);
            EmittedFile file = model.Files.Single();
            Type code = Assembly.Load(image).GetType("Models.Model")!;
            FieldInfo[] tables = [.. code.GetFields(BindingFlags.Static | BindingFlags.NonPublic).Where(field => TableName().IsMatch(field.Name))];
            int Size(FieldInfo field) => ((Array)field.GetValue(null)!).Length * Marshal.SizeOf(field.FieldType.GetElementType()!);
            Assert.Equal(tables.Sum(Size), file.TableBytes);
            Assert.Equal(tables.Where(field => ConstantName().IsMatch(field.Name)).Sum(Size), file.ConstantBytes);

            // Methods of the model alone; what the classifier adds is the same for all.
            int steps = code.GetMethods(BindingFlags.Static | BindingFlags.NonPublic).Where(method => method.Name.StartsWith("Step", StringComparison.Ordinal)).Sum(method => method.GetMethodBody()!.GetILAsByteArray()!.Length);
            Assert.True(file.InstructionBytes >= steps, $"seed {seed}: {steps} bytes, estimated {file.InstructionBytes}");
        }
    }

    [GeneratedRegex(@"^// ([\w-]+) +(.*)$", RegexOptions.Multiline)]
    private static partial Regex HeaderLine();

    [GeneratedRegex("^(A|Sums|Table|Clamp|Wide|Curve|Exp|ExpSum|Reciprocal)\\d+$|^Calibrated$")]
    private static partial Regex TableName();

    [GeneratedRegex("^(Table|Curve|Exp|ExpSum|Reciprocal)\\d+$|^Calibrated$")]
    private static partial Regex ConstantName();

    private static string Emit(Func<ReadOnlyMemory<byte>, EmitOptions, EmittedModel> emit, byte[] file, EmitOptions options, CultureInfo culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            return string.Concat(emit(file, options).Files.Select(part => part.Text));
        }
        catch (InputException exception)
        {
            return exception.Message;
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    // Two features, a layer of integers, a probability.
    internal static byte[] Counted()
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 2], 0);
        int q = builder.AddTensor(TensorType.Int8, [1, 2], 64, new TensorQuantization(0.5f, -7));
        int h = builder.AddTensor(TensorType.Int8, [1, 1], 128, new TensorQuantization(1f / 256, -128));
        int y = builder.AddTensor(TensorType.Float32, [1, 1], 192);
        builder.AddOperator(Opcode.Quantize, [x, -1, -1], [q], []);
        int[] parameters = new int[OperatorNames.Parameters(Opcode.Dense).Length];
        (parameters[DenseRule.Min], parameters[DenseRule.Max], parameters[DenseRule.ZeroPoint]) = (-128, 127, -128);
        int[] inputs =
        [
            q,
            builder.AddConstant(TensorType.Int8, [1, 2], [100, 206]),
            builder.AddConstant(TensorType.Int32, [1], MemoryMarshal.AsBytes<int>([12345])),
            builder.AddConstant(TensorType.Int32, [1], MemoryMarshal.AsBytes<int>([1 << 30])),
            builder.AddConstant(TensorType.Int8, [1], [unchecked((byte)-6)]),
            -1,
        ];
        builder.AddOperator(Opcode.Dense, inputs, [h], parameters);
        builder.AddOperator(Opcode.Dequantize, [h], [y], []);
        builder.AddInput(x);
        builder.AddOutput(y, OutputRole.Probability);
        return builder.Build();
    }
}
