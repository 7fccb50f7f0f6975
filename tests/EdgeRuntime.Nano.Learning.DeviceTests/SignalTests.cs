using EdgeInference.Nano.Signals;

namespace EdgeInference.Nano.Learning.DeviceTests
{
    /// <summary>The features of signal pipelines, of the engine and of emitted code, to the bit those of EdgeRuntime.</summary>
    internal static class SignalTests
    {
        // The pipelines begin anew after so many windows.
        private const int WindowsBeforeReset = 3;

        private delegate bool Adder(short[] sample, int offset);

        private delegate void Maker(float[] features);

        private delegate void Resetter();

        internal static void Run()
        {
            Engine("motion", MotionGolden.File, MotionGolden.Kinds, MotionGolden.Features);
            Engine("sound", SoundGolden.File, SoundGolden.Kinds, SoundGolden.Features);
            Engine("current", CurrentGolden.File, CurrentGolden.Kinds, CurrentGolden.Features);
            Engine("five samples", ShortGolden.File, ShortGolden.Kinds, ShortGolden.Features);
            bool fits = MotionModelSignals.FeatureCount == Words(MotionGolden.Kinds).Length;
            Pipeline("motion, emitted", fits, MotionModelSignals.Channels, MotionModelSignals.Length, MotionModelSignals.Add, MotionModelSignals.Features, MotionModelSignals.Reset, MotionGolden.Kinds, MotionGolden.Features);
            fits = SoundModelSignals.FeatureCount == Words(SoundGolden.Kinds).Length;
            Pipeline("sound, emitted", fits, SoundModelSignals.Channels, SoundModelSignals.Length, SoundModelSignals.Add, SoundModelSignals.Features, SoundModelSignals.Reset, SoundGolden.Kinds, SoundGolden.Features);
        }

        private static void Engine(string name, byte[] file, string kinds, float[] expected)
        {
            SignalPipeline pipeline = SignalPipeline.Of(NanoModel.Load(file));
            bool fits = pipeline.FeatureCount == Words(kinds).Length;
            Pipeline(name, fits, pipeline.Channels, pipeline.Length, pipeline.Add, pipeline.Features, pipeline.Reset, kinds, expected);
        }

        // Kinds is a word for each feature of a window.
        private static void Pipeline(string name, bool fits, int channels, int length, Adder add, Maker make, Resetter reset, string kinds, float[] expected)
        {
            string[] words = Words(kinds);
            int windows = expected.Length / words.Length;
            bool[] good = new bool[words.Length];
            for (int i = 0; i < good.Length; i++)
            {
                good[i] = fits;
            }

            short[] sample = new short[channels];
            float[] features = new float[words.Length];
            TestSignal signal = new TestSignal(length);
            for (int window = 0; window < windows && fits;)
            {
                signal.Next(sample);
                if (add(sample, 0))
                {
                    make(features);
                    for (int i = 0; i < words.Length; i++)
                    {
                        good[i] &= features[i] == expected[(window * words.Length) + i];
                    }

                    window++;
                    if (window == WindowsBeforeReset)
                    {
                        reset();
                    }
                }
            }

            for (int i = 0; i < words.Length; i++)
            {
                bool all = good[i];
                bool isFirst = true;
                for (int k = 0; k < words.Length; k++)
                {
                    if (words[k] == words[i])
                    {
                        all &= good[k];
                        isFirst &= k >= i;
                    }
                }

                if (isFirst)
                {
                    Report.Check(all, name + ", " + words[i] + ", " + windows.ToString() + " windows");
                }
            }
        }

        private static string[] Words(string text)
        {
            return text.Split(new char[] { ' ' });
        }
    }
}
