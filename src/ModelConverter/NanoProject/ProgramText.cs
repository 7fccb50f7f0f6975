using System.Globalization;
using System.Text;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.NanoProject;

/// <summary>The program around an emitted model: it reads the sensor, lets the model decide and prints the decision.</summary>
internal static class ProgramText
{
    /// <summary>Stands for the model's class until its name is known not to be one of the program's own.</summary>
    internal const string ModelName = "Model__";

    /// <summary>Program.cs.</summary>
    /// <param name="file">The model.</param>
    /// <param name="plan">Sensor and window.</param>
    /// <param name="options">Names and counts.</param>
    /// <param name="isTable">Whether the engine runs the file.</param>
    internal static string Program(ModelFile file, ProjectPlan plan, EmitOptions options, bool isTable)
    {
        if (plan.Signals is { } signals)
        {
            return SignalProgram.Text(file, plan, signals, options, isTable);
        }

        bool decides = file.Decision.Refusal is null;
        TensorInfo input = file.Inputs[0];
        string type = options.Counts is not null ? "int" : isTable ? "float" : TypeName(input.Type);
        string model = isTable ? decides ? "classifier" : "session" : ModelName;
        var text = new StringBuilder();
        text.Append("using System;\nusing System.Threading;\n").Append(isTable ? "using EdgeInference.Nano;\n" : "");
        text.Append(CultureInfo.InvariantCulture, $$"""

            namespace {{options.Namespace}}
            {
                /// <summary>{{(plan.Sensor == ProjectSensor.None ? "Lets the model decide on values that you give." : "Reads the sensor and lets the model decide.")}} Made by 'edge emit --project'; change it as you like.</summary>
                public static class Program
                {
                    private const int PeriodMilliseconds = {{plan.PeriodMilliseconds}};


            """);
        if (plan.Sensor != ProjectSensor.None && type != "int")
        {
            text.Append("        // Real value = (count + Offset) * Scale: these take counts as they are. Set them to what the model was trained on.\n        private const float Offset = 0f;\n        private const float Scale = 1f;\n\n");
        }

        text.Append("        /// <summary>Runs for ever.</summary>\n        public static void Main()\n        {\n");
        if (isTable)
        {
            text.Append(CultureInfo.InvariantCulture, $"            NanoSession session = new NanoSession({ModelName}.Load());\n");
            text.Append(decides ? "            Classifier classifier = new Classifier(session);\n" : "");
        }

        text.Append(CultureInfo.InvariantCulture, $"            {type}[] values = new {type}[{(isTable ? "session" : ModelName)}.InputLength];\n");
        if (!decides)
        {
            string outputType = isTable ? "float" : TypeName(file.Outputs[0].Type);
            text.Append(CultureInfo.InvariantCulture, $"            {outputType}[] output = new {outputType}[{(isTable ? "session" : ModelName)}.OutputLength];\n");
        }

        if (plan.Sensor == ProjectSensor.None)
        {
            text.Append("            while (true)\n            {\n                // Put your values here: values[0] = ...\n");
            Decide(text, model, decides, isTable);
            text.Append("                Thread.Sleep(PeriodMilliseconds);\n            }\n        }\n    }\n}\n");
            return text.ToString();
        }

        text.Append("""
                        Sensor sensor = new Sensor();
                        int[] sample = new int[Sensor.Values];
                        int filled = 0;
                        while (true)
                        {
                            if (!sensor.TryRead(sample))
                            {
                                // A sensor that does not answer must not look like a decision.
                                Console.WriteLine("The sensor does not answer; check wiring and address.");
                                filled = 0;
                                Thread.Sleep(1000);
                                continue;
                            }

                            for (int i = 0; i < sample.Length; i++)
                            {

            """);
        text.Append(CultureInfo.InvariantCulture, $"                    values[filled + i] = {Value(input, options, isTable)};\n                }}\n\n");
        text.Append("                filled += sample.Length;\n                if (filled == values.Length)\n                {\n");
        Decide(text, model, decides, isTable, "    ");
        int hop = plan.Hop * plan.Values;
        text.Append(CultureInfo.InvariantCulture, $"\n                    filled -= {hop};\n");
        if (hop < file.Inputs.Sum(tensor => tensor.Elements))
        {
            text.Append(CultureInfo.InvariantCulture, $"                    for (int i = 0; i < filled; i++)\n                    {{\n                        values[i] = values[i + {hop}];\n                    }}\n");
        }

        text.Append("                }\n\n                Thread.Sleep(PeriodMilliseconds);\n            }\n        }\n");
        if (!isTable && options.Counts is null && input.Type != TensorType.Float32)
        {
            Quantize(text, input.Type);
        }

        return text.Append("    }\n}\n").ToString();
    }

    /// <summary>Sensor.cs; null where nothing is read.</summary>
    internal static string? Sensor(ProjectPlan plan, EmitOptions options) => plan.Sensor switch
    {
        ProjectSensor.Adc => Adc(plan, options.Namespace),
        ProjectSensor.I2c => I2c(plan, options.Namespace),
        _ => null,
    };

    private static string Value(TensorInfo input, EmitOptions options, bool isTable) =>
        options.Counts is not null ? "sample[i]"
        : isTable || input.Type == TensorType.Float32 ? "(sample[i] + Offset) * Scale"
        : "Quantized((sample[i] + Offset) * Scale)";

    /// <summary>Lets the model decide on what is in <c>values</c>, and prints it.</summary>
    internal static void Decide(StringBuilder text, string model, bool decides, bool isTable, string indent = "")
    {
        if (!decides)
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent}                {model}.Run(values, output);\n{indent}                Console.WriteLine(\"output \" + output[0].ToString());\n");
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"{indent}                int label = {model}.Classify(values);\n");
        text.Append(CultureInfo.InvariantCulture, $"{indent}                Console.WriteLine(label == {(isTable ? "Classifier" : model)}.None ? \"no decision\" : {model}.ClassText(label));\n");
    }

    /// <summary>The function that makes integers of real values.</summary>
    internal static void Quantize(StringBuilder text, TensorType type)
    {
        (string name, int low, int high) = type == TensorType.Int8 ? ("sbyte", sbyte.MinValue, sbyte.MaxValue) : ("short", short.MinValue, short.MaxValue);
        text.Append(CultureInfo.InvariantCulture, $$"""

                    private static {{name}} Quantized(float real)
                    {
                        float steps = (real / {{ModelName}}.InputScale) + {{ModelName}}.InputZeroPoint;
                        steps = steps < {{low}} ? {{low}} : steps > {{high}} ? {{high}} : steps;
                        return ({{name}})(steps < 0 ? steps - 0.5f : steps + 0.5f);
                    }

            """);
    }

    private static string Adc(ProjectPlan plan, string space) => string.Create(CultureInfo.InvariantCulture, $$"""
        using System.Device.Adc;

        namespace {{space}}
        {
            /// <summary>Channels of the analogue-to-digital converter.</summary>
            public sealed class Sensor
            {
                /// <summary>Values of one sample: a channel for each.</summary>
                public const int Values = {{plan.Values}};

                // Channel 0 of an ESP32 is GPIO 36; 'ESP32 pin out' in nanoFramework's documentation has the others.
                private const int FirstChannel = 0;

                private readonly AdcChannel[] channels = new AdcChannel[Values];

                /// <summary>Opens the channels.</summary>
                public Sensor()
                {
                    AdcController controller = new AdcController();
                    for (int i = 0; i < Values; i++)
                    {
                        channels[i] = controller.OpenChannel(FirstChannel + i);
                    }
                }

                /// <summary>Reads one sample, in counts of the converter.</summary>
                public bool TryRead(int[] sample)
                {
                    for (int i = 0; i < Values; i++)
                    {
                        sample[i] = channels[i].ReadValue();
                    }

                    return true;
                }
            }
        }

        """);

    private static string I2c(ProjectPlan plan, string space)
    {
        bool isEsp32 = ProjectFiles.IsEsp32(plan.Board);
        (int data, int clock) = BusPins(plan.Board);
        string pins = isEsp32 ? string.Create(CultureInfo.InvariantCulture, $"""
                private const int DataPin = {data};
                private const int ClockPin = {clock};

            """) : "";
        string set = isEsp32 ? """
                    Configuration.SetPinFunction(DataPin, DeviceFunction.I2C1_DATA);
                    Configuration.SetPinFunction(ClockPin, DeviceFunction.I2C1_CLOCK);

            """ : "";
        return string.Create(CultureInfo.InvariantCulture, $$"""
        using System.Device.I2c;
        {{(isEsp32 ? "using nanoFramework.Hardware.Esp32;\n" : "")}}
        namespace {{space}}
        {
            /// <summary>An LIS3DH accelerometer (ST, data sheet DocID17530) on I2C: three axes, ±2 g, 100 samples a second.</summary>
            public sealed class Sensor
            {
                /// <summary>Values of one sample: an axis for each.</summary>
                public const int Values = {{plan.Values}};

        {{pins}}        private const int Bus = 1;
                private const int Address = 0x18;
                private const byte Control1 = 0x20;
                private const byte HundredHertzAllAxes = 0x57;
                private const byte OutputX = 0x28;
                private const byte AutoIncrement = 0x80;

                private readonly I2cDevice device;
                private readonly byte[] register = new byte[] { OutputX | AutoIncrement };
                private readonly byte[] data = new byte[2 * Values];

                /// <summary>Opens the sensor and switches it on.</summary>
                public Sensor()
                {
        {{set}}            device = I2cDevice.Create(new I2cConnectionSettings(Bus, Address, I2cBusSpeed.FastMode));
                    device.Write(new byte[] { Control1, HundredHertzAllAxes });
                }

                /// <summary>Reads one sample, in counts of 1/16384 g. False where the sensor does not answer.</summary>
                public bool TryRead(int[] sample)
                {
                    I2cTransferResult result = device.WriteRead(register, data);
                    if (result.Status != I2cTransferStatus.FullTransfer)
                    {
                        return false;
                    }

                    for (int i = 0; i < Values; i++)
                    {
                        sample[i] = (short)(data[2 * i] | (data[(2 * i) + 1] << 8));
                    }

                    return true;
                }
            }
        }

        """);
    }

    /// <summary>Pins of data and clock that are free on the usual board of a chip.</summary>
    internal static (int Data, int Clock) BusPins(NanoBoard board) => board.Name switch
    {
        "ESP32" => (21, 22),
        "ESP32-C3" => (5, 6),
        "ESP32-C6" => (6, 7),
        "ESP32-H2" => (10, 11),
        "ESP32-P4" => (7, 8),
        _ => (8, 9),
    };

    /// <summary>The type of an input's values in emitted code.</summary>
    internal static string TypeName(TensorType type) => type switch
    {
        TensorType.Float32 => "float",
        TensorType.Int8 => "sbyte",
        _ => "short",
    };
}
