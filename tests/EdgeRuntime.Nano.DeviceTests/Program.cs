using System;
using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.DeviceTests
{
    /// <summary>
    /// Golden vectors and timings, on a board or on nanoCLR. The vectors come from EdgeRuntime on the desktop; a test of
    /// EdgeRuntime.Nano.Tests writes them and holds them to the engine. Success is the line that begins with ALL PASSED.
    /// </summary>
    public static class Program
    {
        private const int Rounds = 400;
        private const long RoundTicks = 2 * 10000;

        private delegate void Inference();

        /// <summary>Runs everything.</summary>
        public static void Main()
        {
            Console.WriteLine("EdgeInference.Nano device tests");
            FloatModel("breast cancer", BreastCancerGolden.File, BreastCancerGolden.Inputs, BreastCancerGolden.Outputs, BreastCancerGolden.Macs, BreastCancerModel.Run);
            FloatModel("digits", DigitsGolden.File, DigitsGolden.Inputs, DigitsGolden.Outputs, DigitsGolden.Macs, DigitsModel.Run);
            Emitted("breast cancer float32", BreastCancerGolden.Inputs, BreastCancerFloatGolden.Outputs, BreastCancerFloatModel.InputLength, BreastCancerFloatModel.OutputLength, BreastCancerFloatModel.Run, false);
            Emitted("operators in int8", EmittedInt8Golden.Inputs, EmittedInt8Golden.Outputs, EmittedInt8Model.InputLength, EmittedInt8Model.OutputLength, EmittedInt8Model.Run, true);
            TableModel("breast cancer int16", BreastCancerInt16Golden.File, BreastCancerGolden.Inputs, BreastCancerInt16Golden.Outputs, BreastCancerInt16Golden.Macs, BreastCancerInt16Model.Run);
            TableModel("digits int16", DigitsInt16Golden.File, DigitsGolden.Inputs, DigitsInt16Golden.Outputs, DigitsInt16Golden.Macs, null);
            TableModel("digits by convolutions", DigitsCnnGolden.File, DigitsGolden.Inputs, DigitsCnnGolden.Outputs, DigitsCnnGolden.Macs, null);
            Operators("float32 operators", FloatOperatorsGolden.File, FloatOperatorsGolden.Inputs, FloatOperatorsGolden.Outputs, false);
            Operators("int8 operators", Int8OperatorsGolden.File, Int8OperatorsGolden.Inputs, Int8OperatorsGolden.Outputs, true);
            Operators("functions of what is special", FunctionsGolden.File, FunctionsGolden.Inputs, FunctionsGolden.Outputs, false);
            Operators("choices on what is not finite", NotFiniteGolden.File, NotFiniteGolden.Inputs, NotFiniteGolden.Outputs, false);
            Operators("features of a table", FeaturesGolden.File, FeaturesGolden.Inputs, FeaturesGolden.Outputs, true);
            Emitted("features of a table", FeaturesGolden.Inputs, FeaturesGolden.Outputs, FeaturesModel.InputLength, FeaturesModel.OutputLength, FeaturesModel.Run, true);
            Trees("trees of three classes", TreesGolden.Inputs, TreesGolden.Outputs, TreesModel.Run, TreesModel.Classify, TreesModel.Classify);
            Trees("trees with any weights", TreeMeanGolden.Inputs, TreeMeanGolden.Outputs, TreeMeanModel.Run, TreeMeanModel.Classify, TreeMeanModel.Classify);
            Chunks("digits", DigitsGolden.File, DigitsGolden.Inputs, DigitsGolden.Outputs, DigitsGolden.Macs);
            Chunks("digits int16", DigitsInt16Golden.File, DigitsGolden.Inputs, DigitsInt16Golden.Outputs, DigitsInt16Golden.Macs);
            Layer();
            LayerInt16();
            Classifies();
            BadInput();
            Report.End();
        }

        private delegate void FloatRun(float[] input, float[] output);

        private delegate int FloatClass(float[] input);

        private delegate int CountClass(int[] counts);

        private static void FloatModel(string name, byte[] file, float[] inputs, float[] expected, int macs, FloatRun emitted)
        {
            NanoSession packed = new NanoSession(NanoModel.Load(file));
            NanoSession inPlace = new NanoSession(NanoModel.Load(file), false);
            int n = packed.InputLength;
            float[] input = new float[n];
            float[] output = new float[packed.OutputLength];
            bool packedGood = true;
            bool inPlaceGood = true;
            bool emittedGood = true;
            bool plainGood = true;
            PlainModel plain = new PlainModel(file);
            int count = inputs.Length / n;
            for (int i = 0; i < count; i++)
            {
                Array.Copy(inputs, i * n, input, 0, n);
                packed.Run(input, output);
                packedGood &= Same(output, expected, i * output.Length, true);
                inPlace.Run(input, output);
                inPlaceGood &= Same(output, expected, i * output.Length, true);
                emitted(input, output);
                emittedGood &= Same(output, expected, i * output.Length, true);
                plain.Run(input, output);
                plainGood &= Same(output, expected, i * output.Length, true);
            }

            Report.Check(packedGood, name + ", table form, " + count.ToString() + " vectors");
            Report.Check(inPlaceGood, name + ", table form with weights in place, " + count.ToString() + " vectors");
            Report.Check(emittedGood, name + ", emitted form, " + count.ToString() + " vectors");
            Report.Check(plainGood, name + ", plain loop, " + count.ToString() + " vectors");
            Times(name, macs, delegate { plain.Run(input, output); }, delegate { packed.Run(input, output); }, delegate { inPlace.Run(input, output); }, delegate { emitted(input, output); });
        }

        // Without the model's file, which the constants of one assembly have no room for; "float32 operators" is one of the engine.
        private static void Emitted(string name, float[] inputs, float[] expected, int inputLength, int outputLength, FloatRun emitted, bool isExact)
        {
            float[] input = new float[inputLength];
            float[] output = new float[outputLength];
            bool good = true;
            int count = inputs.Length / inputLength;
            for (int i = 0; i < count; i++)
            {
                Array.Copy(inputs, i * inputLength, input, 0, inputLength);
                emitted(input, output);
                good &= Same(output, expected, i * outputLength, isExact);
            }

            Report.Check(good, name + ", emitted form, " + count.ToString() + " vectors");
        }

        // Thresholds and their neighbours, NaN, infinities; then counts, each as the number that it stands for.
        private static void Trees(string name, float[] inputs, float[] expected, FloatRun run, FloatClass classify, CountClass count)
        {
            float[] input = new float[TreesModel.InputLength];
            int rows = inputs.Length / input.Length;
            float[] output = new float[expected.Length / rows];
            bool good = true;
            for (int i = 0; i < rows; i++)
            {
                Array.Copy(inputs, i * input.Length, input, 0, input.Length);
                run(input, output);
                good &= Same(output, expected, i * output.Length, true);
            }

            Report.Check(good, name + ", emitted form, " + rows.ToString() + " vectors");
            bool sameClass = true;
            int[] counts = new int[input.Length];
            for (int i = 0; i < 200; i++)
            {
                for (int k = 0; k < counts.Length; k++)
                {
                    counts[k] = 100 + ((((i * 7) + (k * 11)) % 41) - 20);
                    input[k] = (counts[k] - 100) * 0.125f;
                }

                sameClass &= count(counts) == classify(input);
            }

            Report.Check(sameClass, name + ", counts");
        }

        // Not every model can be emitted, and one assembly has no room for the code of all: emitted may be null.
        private static void TableModel(string name, byte[] file, float[] inputs, float[] expected, int macs, FloatRun emitted)
        {
            NanoSession packed = new NanoSession(NanoModel.Load(file));
            NanoSession inPlace = new NanoSession(NanoModel.Load(file), false);
            int n = packed.InputLength;
            float[] input = new float[n];
            float[] output = new float[packed.OutputLength];
            bool packedGood = true;
            bool inPlaceGood = true;
            bool emittedGood = true;
            int count = inputs.Length / n;
            for (int i = 0; i < count; i++)
            {
                Array.Copy(inputs, i * n, input, 0, n);
                packed.Run(input, output);
                packedGood &= Same(output, expected, i * output.Length, true);
                inPlace.Run(input, output);
                inPlaceGood &= Same(output, expected, i * output.Length, true);
                if (emitted != null)
                {
                    emitted(input, output);
                    emittedGood &= Same(output, expected, i * output.Length, true);
                }
            }

            Report.Check(packedGood, name + ", table form, " + count.ToString() + " vectors");
            Report.Check(inPlaceGood, name + ", table form with weights in place, " + count.ToString() + " vectors");
            Report.Time(name + ", table form", Time(delegate { packed.Run(input, output); }), macs, 0);
            Report.Time(name + ", table form with weights in place", Time(delegate { inPlace.Run(input, output); }), macs, 0);
            if (emitted != null)
            {
                Report.Check(emittedGood, name + ", emitted form, " + count.ToString() + " vectors");
                Report.Time(name + ", emitted form", Time(delegate { emitted(input, output); }), macs, 0);
            }
        }

        private static void Operators(string name, byte[] file, float[] inputs, float[] expected, bool isExact)
        {
            for (int form = 0; form < 2; form++)
            {
                NanoSession session = new NanoSession(NanoModel.Load(file), form == 0);
                int n = session.InputLength;
                float[] input = new float[n];
                float[] output = new float[session.OutputLength];
                bool good = true;
                int count = inputs.Length / n;
                for (int i = 0; i < count; i++)
                {
                    Array.Copy(inputs, i * n, input, 0, n);
                    session.Run(input, output);
                    good &= Same(output, expected, i * output.Length, isExact);
                }

                Report.Check(good, name + (form == 0 ? "" : " with weights in place") + ", " + count.ToString() + " vectors");
            }
        }

        // Weights by chunks of many rows, of a few and of one; the reader copies, as one of a resource does.
        private static void Chunks(string name, byte[] file, float[] inputs, float[] expected, int macs)
        {
            int[] sizes = new int[] { 1024, 200, 64, 72 };
            ChunkReader read = delegate(int offset, int count)
            {
                byte[] chunk = new byte[count];
                Array.Copy(file, offset, chunk, 0, count);
                return chunk;
            };
            for (int k = 0; k < sizes.Length; k++)
            {
                NanoSession session = new NanoSession(NanoModel.Load(read, file.Length, sizes[k]));
                float[] input = new float[session.InputLength];
                float[] output = new float[session.OutputLength];
                bool good = true;
                for (int i = 0; i < inputs.Length / input.Length; i++)
                {
                    Array.Copy(inputs, i * input.Length, input, 0, input.Length);
                    session.Run(input, output);
                    good &= Same(output, expected, i * output.Length, true);
                }

                Report.Check(good, name + ", weights by chunks of " + sizes[k].ToString() + " bytes");
                if (k == 0)
                {
                    Report.Time(name + ", weights by chunks", Time(delegate { session.Run(input, output); }), macs, 0);
                }
            }
        }

        private static void Layer()
        {
            byte[] file = LayerGolden.File;
            NanoSession packed = new NanoSession(NanoModel.Load(file));
            NanoSession inPlace = new NanoSession(NanoModel.Load(file), false);
            PlainModel plain = new PlainModel(file);
            int n = packed.InputLength;
            sbyte[] input = new sbyte[n];
            sbyte[] output = new sbyte[packed.OutputLength];
            bool good = true;
            int count = LayerGolden.Inputs.Length / n;
            for (int i = 0; i < count; i++)
            {
                Array.Copy(LayerGolden.Inputs, i * n, input, 0, n);
                packed.Run(input, output);
                good &= Same(output, LayerGolden.Outputs, i * output.Length);
                inPlace.Run(input, output);
                good &= Same(output, LayerGolden.Outputs, i * output.Length);
                LayerModel.Run(input, output);
                good &= Same(output, LayerGolden.Outputs, i * output.Length);
                plain.Run(input, output);
                good &= Same(output, LayerGolden.Outputs, i * output.Length);
            }

            Report.Check(good, "16 by 16 layer, all forms, " + count.ToString() + " vectors");
            Times("16 by 16 layer", LayerGolden.Macs, delegate { plain.Run(input, output); }, delegate { packed.Run(input, output); }, delegate { inPlace.Run(input, output); }, delegate { LayerModel.Run(input, output); });
        }

        // Negative sums and clamped outputs of the emitted form, which tells whether shifts keep the sign.
        private static void LayerInt16()
        {
            NanoSession packed = new NanoSession(NanoModel.Load(LayerInt16Golden.File));
            NanoSession inPlace = new NanoSession(NanoModel.Load(LayerInt16Golden.File), false);
            int n = packed.InputLength;
            short[] input = new short[n];
            short[] output = new short[packed.OutputLength];
            bool good = true;
            int count = LayerInt16Golden.Inputs.Length / n;
            for (int i = 0; i < count; i++)
            {
                Array.Copy(LayerInt16Golden.Inputs, i * n, input, 0, n);
                packed.Run(input, output);
                good &= Same(output, LayerInt16Golden.Outputs, i * output.Length);
                inPlace.Run(input, output);
                good &= Same(output, LayerInt16Golden.Outputs, i * output.Length);
                LayerInt16Model.Run(input, output);
                good &= Same(output, LayerInt16Golden.Outputs, i * output.Length);
            }

            Report.Check(good, "16 by 16 layer in int16, all forms, " + count.ToString() + " vectors");
            Report.Time("16 by 16 layer in int16, table form", Time(delegate { packed.Run(input, output); }), LayerInt16Golden.Macs, 0);
            Report.Time("16 by 16 layer in int16, emitted form", Time(delegate { LayerInt16Model.Run(input, output); }), LayerInt16Golden.Macs, 0);
        }

        private static void Classifies()
        {
            Classifier classifier = new Classifier(new NanoSession(NanoModel.Load(BreastCancerGolden.File)));
            float[] input = new float[BreastCancerModel.InputLength];
            bool good = true;
            for (int i = 0; i < BreastCancerGolden.Outputs.Length; i++)
            {
                Array.Copy(BreastCancerGolden.Inputs, i * input.Length, input, 0, input.Length);
                bool isFinite = DecisionMetadata.Accepts(input, false);
                int expected = !isFinite ? Classifier.None : BreastCancerGolden.Outputs[i] >= classifier.Threshold ? 1 : 0;
                good &= classifier.Classify(input) == expected && BreastCancerModel.Classify(input) == expected;
                good &= classifier.Reason == (isFinite ? DecisionReason.Decided : DecisionReason.NotFinite);
                good &= isFinite ? classifier.Probability == BreastCancerGolden.Outputs[i] : IsNaN(classifier.Probability);
                good &= (int)BreastCancerModel.Reason == (int)classifier.Reason;
                good &= isFinite ? BreastCancerModel.Probability == classifier.Probability && BreastCancerModel.Probabilities[0] == classifier.Probabilities[0] : IsNaN(BreastCancerModel.Probability);
                good &= BreastCancerModel.ClassText(expected) == classifier.ClassText(expected);
            }

            Report.Check(good, "classes of both forms");
        }

        private static void BadInput()
        {
            byte[] damaged = new byte[BreastCancerGolden.File.Length];
            Array.Copy(BreastCancerGolden.File, damaged, damaged.Length);
            damaged[damaged.Length / 2] ^= 1;
            string message = "";
            try
            {
                NanoModel.Load(damaged);
            }
            catch (ModelFormatException exception)
            {
                message = exception.Message;
            }

            Report.Check(message.IndexOf("CRC-32") >= 0, "a damaged file is refused: " + message);
            message = "";
            try
            {
                new Classifier(new NanoSession(NanoModel.Load(BreastCancerGolden.File))).Classify(new float[3]);
            }
            catch (ArgumentException exception)
            {
                message = exception.Message;
            }

            Report.Check(message.Length > 0, "a wrong input length is refused: " + message);
        }

        private static void Times(string name, int macs, Inference plain, Inference packed, Inference inPlace, Inference emitted)
        {
            long plainTime = Time(plain);
            Report.Time(name + ", plain loop", plainTime, macs, plainTime);
            Report.Time(name + ", table form", Time(packed), macs, plainTime);
            Report.Time(name + ", table form with weights in place", Time(inPlace), macs, plainTime);
            Report.Time(name + ", emitted form", Time(emitted), macs, plainTime);
        }

        // The fastest of many short rounds: what the machine does besides can only add to it.
        private static long Time(Inference inference)
        {
            long best = long.MaxValue;
            int repeats = 1;
            for (int round = 0; round < Rounds; round++)
            {
                long start = DateTime.UtcNow.Ticks;
                for (int i = 0; i < repeats; i++)
                {
                    inference();
                }

                long ticks = DateTime.UtcNow.Ticks - start;
                long each = ticks * 100 / repeats;
                best = each < best ? each : best;
                while (ticks < RoundTicks && repeats < 100000)
                {
                    repeats *= 2;
                    ticks *= 2;
                    ticks = ticks == 0 ? 1 : ticks;
                }
            }

            return best;
        }

        private static bool Same(float[] actual, float[] expected, int offset, bool isExact)
        {
            bool good = true;
            for (int i = 0; i < actual.Length; i++)
            {
                float a = actual[i];
                float b = expected[offset + i];
                float magnitude = b < 0f ? -b : b;
                float tolerance = isExact || magnitude > 1e30f ? 0f : magnitude > 1f ? 1e-5f * magnitude : 1e-5f;
                float difference = a - b;
                good &= a == b || (IsNaN(a) && IsNaN(b)) || (difference <= tolerance && difference >= -tolerance);
            }

            return good;
        }

        private static bool IsNaN(float value)
        {
            // nanoFramework's interpreter takes a NaN for greater than any number.
#pragma warning disable CS1718
            return value != value;
#pragma warning restore CS1718
        }

        private static bool Same(short[] actual, short[] expected, int offset)
        {
            bool good = true;
            for (int i = 0; i < actual.Length; i++)
            {
                good &= actual[i] == expected[offset + i];
            }

            return good;
        }

        private static bool Same(sbyte[] actual, sbyte[] expected, int offset)
        {
            bool good = true;
            for (int i = 0; i < actual.Length; i++)
            {
                good &= actual[i] == expected[offset + i];
            }

            return good;
        }
    }
}
