using System.Xml.Linq;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelConverter.NanoEngine;
using EdgeInference.ModelConverter.NanoProject;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Nano.Tests.Models;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>Emitted projects compile, use what nanoFramework has, and are whole: solution, project, packages and files name each other.</summary>
public class ProjectTests
{
    public static TheoryData<string, string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, string>();
            foreach (string model in (string[])["floats", "counts", "int8", "int16", "package", "values", "table", "table of values", "window", "signals", "signals in g", "signals int8", "signals table"])
            {
                foreach (string sensor in (string[])["None", "Adc", "I2c"])
                {
                    foreach (string board in model == "counts" ? ["ESP32", "ESP32-C3", "STM32F769I-DISCOVERY"] : (string[])["ESP32"])
                    {
                        cases.Add(model, sensor, board);
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_project_compiles_and_is_whole(string model, string sensor, string board)
    {
        (byte[] file, EmitOptions options) = Model(model);
        ProjectSensor reads = Enum.Parse<ProjectSensor>(sensor);
        ProjectPlan plan = ProjectPlan.Of(ModelFile.Read(new ModelBytes(file)), "My-Plant.1", reads, NanoBoard.Find(board)!);
        IReadOnlyList<(string Name, string Text)> files = ProjectFiles.Of(file, plan, options, NanoForms.Emit(file, options));
        Assert.Equal(files, ProjectFiles.Of(file, plan, options, NanoForms.Emit(file, options)));
        Assert.Equal(files.Count, files.Select(item => item.Name.ToUpperInvariant()).Distinct().Count());

        // The program that is compiled is the program that the project names.
        XDocument project = XDocument.Parse(files.Single(item => item.Name == "My-Plant.1.nfproj").Text);
        string[] compiled = [.. Elements(project, "Compile").Select(item => item.Attribute("Include")!.Value)];
        Assert.Equal(files.Select(item => item.Name).Where(name => name.EndsWith(".cs", StringComparison.Ordinal)).Order(), compiled.Order());
        byte[] program = EmittedCode.Compile(files.Where(item => compiled.Contains(item.Name)), "Program", DeviceOutlines.All());
        Assert.Empty(NanoGuard.Check(program, "EdgeInference.Nano", "nanoFramework.Hardware.Esp32"));
        Assert.Equal("My-Plant.1", Elements(project, "AssemblyName").Single().Value);
        Assert.Equal(options.Namespace, Elements(project, "RootNamespace").Single().Value);
        Assert.Equal("Exe", Elements(project, "OutputType").Single().Value);

        // Packages and references are the same, and no assembly is missing.
        string[] packages = [.. XDocument.Parse(files.Single(item => item.Name == "packages.config").Text).Descendants("package").Select(item => $"{item.Attribute("id")!.Value}.{item.Attribute("version")!.Value}")];
        Assert.Equal(packages, Elements(project, "HintPath").Select(hint => hint.Value.Split('\\')[1]));
        string text = string.Concat(files.Where(item => compiled.Contains(item.Name)).Select(item => item.Text));
        foreach ((NanoPackage package, string use) in ((NanoPackage, string)[])[(NanoPackage.Adc, "using System.Device.Adc;"), (NanoPackage.I2c, "using System.Device.I2c;"), (NanoPackage.HardwareEsp32, "using nanoFramework.Hardware.Esp32;")])
        {
            Assert.Equal(text.Contains(use, StringComparison.Ordinal), packages.Contains($"{package.Id}.{package.Version}"));
        }

        Assert.Equal(text.Contains("EdgeInference.Nano", StringComparison.Ordinal), packages.Any(package => package.StartsWith("EdgeInference.Nano.", StringComparison.Ordinal)) || compiled.Contains(EngineEmitter.SourceName));
        Assert.Equal(reads == ProjectSensor.I2c && board.StartsWith("ESP32", StringComparison.Ordinal), packages.Contains("nanoFramework.Runtime.Events.1.11.37"));

        // The solution names the project by the same identifier.
        string solution = files.Single(item => item.Name == "My-Plant.1.sln").Text;
        string id = Elements(project, "ProjectGuid").Single().Value;
        Assert.Contains($"Project(\"{ProjectXml.Kind}\") = \"My-Plant.1\", \"My-Plant.1.nfproj\", \"{id}\"\n", solution, StringComparison.Ordinal);
        Assert.Equal(6, solution.Split($"{id}.").Length - 1);
        string readme = files.Single(item => item.Name == "README.md").Text;
        Assert.Contains($"nanoff --target {NanoBoard.Find(board)!.Target} ", readme, StringComparison.Ordinal);
        Assert.Contains("`My-Plant.1.sln`", readme, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("window", "Adc", 3, 4)]
    [InlineData("window", "I2c", 3, 4)]
    [InlineData("counts", "Adc", 3, 1)]
    public void A_sample_and_a_hop_are_those_of_the_contract(string model, string sensor, int values, int hop)
    {
        ProjectPlan plan = ProjectPlan.Of(ModelFile.Read(new ModelBytes(Model(model).File)), "P", Enum.Parse<ProjectSensor>(sensor), NanoBoard.Esp32);
        Assert.Equal((values, hop, model == "window" ? 40 : 1000), (plan.Values, plan.Hop, plan.PeriodMilliseconds));
    }

    [Fact]
    public void What_a_sensor_cannot_give_is_refused()
    {
        ModelFile wide = ModelFile.Read(new ModelBytes(RandomModels.Layer(1, 9, 2)));
        Assert.Equal(
            "--sensor adc gives at most 8 values a sample, and the model takes 9, for its contract has no window; export it with the right --window, or use --sensor none.",
            Assert.Throws<InputException>(() => ProjectPlan.Of(wide, "P", ProjectSensor.Adc, NanoBoard.Esp32)).Message);
        Assert.Equal(
            "--sensor i2c gives 3 values a sample, and the model takes 9, for its contract has no window; export it with the right --window, or use --sensor none.",
            Assert.Throws<InputException>(() => ProjectPlan.Of(wide, "P", ProjectSensor.I2c, NanoBoard.Esp32)).Message);
        Assert.Equal(9, ProjectPlan.Of(wide, "P", ProjectSensor.None, NanoBoard.Esp32).Values);
        Assert.Equal(
            "--sensor adc gives samples, and the model takes 3 values computed of windows of 20 samples; use --sensor none and compute them.",
            Assert.Throws<InputException>(() => ProjectPlan.Of(ModelFile.Read(new ModelBytes(Layers(TensorType.Float32, 3, 20))), "P", ProjectSensor.Adc, NanoBoard.Esp32)).Message);
    }

    [Fact]
    public void A_program_puts_samples_through_the_pipeline_of_the_model()
    {
        string program = Program("signals");
        Assert.Contains("private const long Period = 125000;", program, StringComparison.Ordinal);
        Assert.Contains("counts[i] = (short)sample[i];", program, StringComparison.Ordinal);
        Assert.Contains("if (ModelSignals.Add(counts, 0))\n                {\n                    ModelSignals.Features(values);\n", program, StringComparison.Ordinal);
        Assert.Contains("counts[i] = ModelSignals.Count((sample[i] + Offset) * Scale, i);", Program("signals in g"), StringComparison.Ordinal);
        Assert.Contains("counts[i] = SignalPipeline.Count((sample[i] + Offset) * Scale, signals.CountSize(i));", Program("signals table"), StringComparison.Ordinal);
        Assert.Contains("values[i] = Quantized(features[i]);", Program("signals int8"), StringComparison.Ordinal);

        (byte[] file, EmitOptions options) = Model("signals");
        options = options with { Counts = new CountScaling([0.25], [-2048]) };
        ProjectPlan plan = ProjectPlan.Of(ModelFile.Read(new ModelBytes(file)), "P", ProjectSensor.I2c, NanoBoard.Esp32);
        Assert.Equal((3, 8), (plan.Values, plan.Hop));
        Assert.StartsWith("--counts-scale makes the model's values of raw counts, and this model's pipeline does that", Assert.Throws<InputException>(() => ProjectFiles.Of(file, plan, options, NanoForms.Emit(file, options with { Counts = null }))).Message, StringComparison.Ordinal);

        static string Program(string model)
        {
            (byte[] file, EmitOptions options) = Model(model);
            ProjectPlan plan = ProjectPlan.Of(ModelFile.Read(new ModelBytes(file)), "P", ProjectSensor.I2c, NanoBoard.Esp32);
            return ProjectFiles.Of(file, plan, options, NanoForms.Emit(file, options)).Single(item => item.Name == "Program.cs").Text;
        }
    }

    [Theory]
    [InlineData("Sensor", "Program.cs")]
    [InlineData("Program", "Program.cs")]
    [InlineData("Thread", "Program.cs")]
    [InlineData("AdcController", "Sensor.cs")]
    public void A_name_of_the_program_is_refused_for_the_model(string name, string source)
    {
        (byte[] file, EmitOptions options) = Model("counts");
        options = options with { ClassName = name };
        ProjectPlan plan = ProjectPlan.Of(ModelFile.Read(new ModelBytes(file)), "P", ProjectSensor.Adc, NanoBoard.Esp32);
        Assert.Equal($"The class name '{name}' stands in the project's {source}; give another with --class.", Assert.Throws<InputException>(() => ProjectFiles.Of(file, plan, options, NanoForms.Emit(file, options))).Message);
    }

    [Fact]
    public void What_one_assembly_cannot_hold_is_refused()
    {
        byte[] large = RandomModels.Layer(1, 300, 220);
        var parts = new EmitOptions(MaxAssemblies: 99) { Form = EmitForm.Code };
        ProjectPlan plan = ProjectPlan.Of(ModelFile.Read(new ModelBytes(large)), "P", ProjectSensor.None, NanoBoard.Esp32);
        Assert.StartsWith("--project writes one assembly, and this model's code takes ", Assert.Throws<InputException>(() => ProjectFiles.Of(large, plan, parts, NanoForms.Emit(large, parts))).Message, StringComparison.Ordinal);
        var resource = new EmitOptions { Form = EmitForm.Resource };
        Assert.StartsWith("--project carries the model in the program's code or constants", Assert.Throws<InputException>(() => ProjectFiles.Of(large, plan, resource, NanoForms.Emit(large, resource))).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<XElement> Elements(XDocument document, string name) => document.Descendants().Where(element => element.Name.LocalName == name);

    private static (byte[] File, EmitOptions Options) Model(string name) => name switch
    {
        "floats" => (Layers(TensorType.Float32, 3, 0), new EmitOptions()),
        "counts" => (Quantized(), new EmitOptions("Plant.Pump", "Model") { Counts = new CountScaling([0.25], [-2048]) }),
        "int8" => (Layers(TensorType.Int8, 3, 0), new EmitOptions()),
        "int16" => (Layers(TensorType.Int16, 3, 0), new EmitOptions()),
        "package" => (Calibrated(), new EmitOptions()),
        "values" => (Layers(TensorType.Float32, 3, 0, OutputRole.Unknown), new EmitOptions()),
        "table" => (Quantized(), new EmitOptions { Form = EmitForm.Table }),
        "table of values" => (Layers(TensorType.Float32, 3, 0, OutputRole.Unknown), new EmitOptions { Form = EmitForm.Table }),
        "signals" => (Sensed(TensorType.Float32, 1f), new EmitOptions()),
        "signals in g" => (Sensed(TensorType.Float32, 0.001f), new EmitOptions("Plant.Pump", "Model")),
        "signals int8" => (Sensed(TensorType.Int8, 1f), new EmitOptions()),
        "signals table" => (Sensed(TensorType.Float32, 0.001f), new EmitOptions { Form = EmitForm.Table }),
        _ => (Layers(TensorType.Float32, 24, 8), new EmitOptions()),
    };

    // The root mean squares of three channels as they come.
    private static byte[] Sensed(TensorType type, float countSize)
    {
        var settings = new SignalSettings
        {
            Channels = [new("x", countSize), new("y", countSize), new("z", countSize)], SamplePeriod = 0.0125f, Length = 16, Hop = 8, Filters = [new(FilterKind.LowPass, 10)], Features = [new(SignalFeature.Rms)],
        };
        return Layers(type, 3, 0, more: builder =>
        {
            builder.AddWindow(settings.SamplePeriod, settings.Length, settings.Hop);
            builder.AddBytes(MetadataKey.Signals, settings.Record());
        });
    }

    // Values as they come, to as many outputs; a window of so many samples every 40 ms, and names of one sample of three.
    private static byte[] Layers(TensorType type, int inputs, int window, OutputRole role = OutputRole.Probability, Action<ModelBuilder>? more = null)
    {
        var builder = new ModelBuilder();
        TensorQuantization quantization = new(1f / 64, 0);
        int x = type == TensorType.Float32 ? builder.AddTensor(type, [1, inputs], 0) : builder.AddTensor(type, [1, inputs], 0, quantization);
        int y = type == TensorType.Float32 ? builder.AddTensor(type, [1, inputs], 512) : builder.AddTensor(type, [1, inputs], 512, quantization);
        builder.AddOperator(Opcode.Reshape, [x], [y], []);
        builder.AddInput(x);
        builder.AddOutput(y, role);
        if (window > 0)
        {
            builder.AddWindow(0.04f, window, 4);
            builder.AddTextList(MetadataKey.InputNames, ["x", "y", "z"]);
            builder.AddTextList(MetadataKey.InputUnits, ["", "", ""]);
        }

        more?.Invoke(builder);
        return builder.Build();
    }

    private static byte[] Quantized()
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 3], 0);
        int q = builder.AddTensor(TensorType.Int8, [1, 3], 64, new TensorQuantization(0.5f, -7));
        int y = builder.AddTensor(TensorType.Float32, [1, 3], 128);
        builder.AddOperator(Opcode.Quantize, [x, -1, -1], [q], []);
        builder.AddOperator(Opcode.Dequantize, [q], [y], []);
        builder.AddInput(x);
        builder.AddOutput(y, OutputRole.Probability);
        return builder.Build();
    }

    // Calibrated by the engine.
    private static byte[] Calibrated()
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 3], 0);
        int y = builder.AddTensor(TensorType.Float32, [1, 3], 64);
        builder.AddOperator(Opcode.Activation, [x], [y], [(int)ActivationKind.Sigmoid, 0, 0]);
        builder.AddInput(x);
        builder.AddOutput(y, OutputRole.Probability);
        return builder.Build();
    }
}
