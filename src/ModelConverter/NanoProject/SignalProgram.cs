using System.Globalization;
using System.Text;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.NanoProject;

/// <summary>The program around a model that has a signal pipeline: each sample goes into it, and the model decides where a window is due.</summary>
internal static class SignalProgram
{
    private const int TicksPerMillisecond = 10_000;

    // As the loop of a Raspberry Pi: so many samples in a row are left out, more start the window anew.
    private const int ToleratedMisses = 2;

    /// <summary>Whether samples go in as the sensor counts them.</summary>
    internal static bool TakesCounts(SignalsRecord signals) => Enumerable.Range(0, signals.Channels).All(channel => signals.CountSize(channel) == 1f);

    /// <summary>Program.cs.</summary>
    /// <param name="file">The model.</param>
    /// <param name="plan">Sensor and window.</param>
    /// <param name="signals">The pipeline.</param>
    /// <param name="options">Names.</param>
    /// <param name="isTable">Whether the engine runs the file.</param>
    internal static string Text(ModelFile file, ProjectPlan plan, SignalsRecord signals, EmitOptions options, bool isTable)
    {
        bool decides = file.Decision.Refusal is null;
        bool reads = plan.Sensor != ProjectSensor.None;
        string type = isTable ? "float" : ProgramText.TypeName(file.Inputs[0].Type);
        string model = isTable ? decides ? "classifier" : "session" : ProgramText.ModelName;
        string session = isTable ? "session" : ProgramText.ModelName;
        string pipeline = isTable ? "signals" : ProgramText.ModelName + "Signals";
        double period = double.Parse(signals.Period.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var text = new StringBuilder();
        text.Append("using System;\nusing System.Threading;\n").Append(isTable ? "using EdgeInference.Nano;\nusing EdgeInference.Nano.Signals;\n" : "");
        text.Append(CultureInfo.InvariantCulture, $$"""

            namespace {{options.Namespace}}
            {
                /// <summary>{{(reads ? "Reads the sensor" : "Takes samples")}}, makes features of windows of them and lets the model decide. Made by 'edge emit --project'; change it as you like.</summary>
                public static class Program
                {
                    // From one sample to the next, in units of 100 ns: {{signals.Period}} s.
                    private const long Period = {{Math.Max(1, Math.Round(period * TimeSpan.TicksPerSecond))}};

                    // So many samples in a row may be missed; of more the window begins anew.
                    private const int ToleratedMisses = {{ToleratedMisses}};


            """);
        if (!TakesCounts(signals))
        {
            text.Append("        // Value in the unit of the recording = (count + Offset) * Scale: these take counts as they are. Set them to your sensor.\n        private const float Offset = 0f;\n        private const float Scale = 1f;\n\n");
        }

        text.Append("        /// <summary>Runs for ever.</summary>\n        public static void Main()\n        {\n");
        if (isTable)
        {
            text.Append(CultureInfo.InvariantCulture, $"            NanoModel model = {ProgramText.ModelName}.Load();\n            NanoSession session = new NanoSession(model);\n            SignalPipeline signals = SignalPipeline.Of(model);\n");
            text.Append(decides ? "            Classifier classifier = new Classifier(session);\n" : "");
        }

        text.Append(CultureInfo.InvariantCulture, $"            {type}[] values = new {type}[{session}.InputLength];\n");
        text.Append(type == "float" ? "" : $"            float[] features = new float[{pipeline}.FeatureCount];\n");
        if (!decides)
        {
            string outputType = isTable ? "float" : ProgramText.TypeName(file.Outputs[0].Type);
            text.Append(CultureInfo.InvariantCulture, $"            {outputType}[] output = new {outputType}[{session}.OutputLength];\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"            short[] counts = new short[{pipeline}.Channels];\n");
        text.Append(reads ? "            Sensor sensor = new Sensor();\n            int[] sample = new int[Sensor.Values];\n" : "");
        text.Append("            long due = DateTime.UtcNow.Ticks;\n            while (true)\n            {\n");
        text.Append(reads ? Read(signals, pipeline, isTable) : "                // Put your sample here, in counts: counts[0] = ...\n");
        text.Append(CultureInfo.InvariantCulture, $"                if ({pipeline}.Add(counts, 0))\n                {{\n                    {pipeline}.Features({(type == "float" ? "values" : "features")});\n");
        if (type != "float")
        {
            text.Append("                    for (int i = 0; i < values.Length; i++)\n                    {\n                        values[i] = Quantized(features[i]);\n                    }\n\n");
        }

        ProgramText.Decide(text, model, decides, isTable, "    ");
        text.Append("                }\n\n").Append(Wait(pipeline)).Append("            }\n        }\n");
        if (type != "float")
        {
            ProgramText.Quantize(text, file.Inputs[0].Type);
        }

        return text.Append("    }\n}\n").ToString();
    }

    private static string Read(SignalsRecord signals, string pipeline, bool isTable)
    {
        string value = TakesCounts(signals) ? "(short)sample[i]"
            : isTable ? "SignalPipeline.Count((sample[i] + Offset) * Scale, signals.CountSize(i))"
            : $"{pipeline}.Count((sample[i] + Offset) * Scale, i)";
        return $$"""
                        if (!sensor.TryRead(sample))
                        {
                            // A sensor that does not answer must not look like a decision.
                            Console.WriteLine("The sensor does not answer; check wiring and address.");
                            {{pipeline}}.Reset();
                            Thread.Sleep(1000);
                            due = DateTime.UtcNow.Ticks;
                            continue;
                        }

                        for (int i = 0; i < counts.Length; i++)
                        {
                            counts[i] = {{value}};
                        }


        """;
    }

    private static string Wait(string pipeline) => $$"""
                        due += Period;
                        long late = DateTime.UtcNow.Ticks - due;
                        long missed = late < 0 ? 0 : late / Period;
                        due += missed * Period;
                        if (missed > ToleratedMisses)
                        {
                            Console.WriteLine("Samples were missed, and the window begins anew; take a longer period or a smaller model.");
                            {{pipeline}}.Reset();
                        }

                        if (late < 0)
                        {
                            Thread.Sleep((int)(-late / {{TicksPerMillisecond}}));
                        }

        """;
}
