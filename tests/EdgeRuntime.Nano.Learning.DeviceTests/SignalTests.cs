using EdgeInference.Nano;

namespace EdgeInference.Nano.Learning.DeviceTests
{
    /// <summary>The features of signal pipelines, to the bit those of EdgeRuntime.</summary>
    internal static class SignalTests
    {
        internal static void Run()
        {
            Pipeline("motion", MotionGolden.File, MotionGolden.Kinds, MotionGolden.Features);
            Pipeline("sound", SoundGolden.File, SoundGolden.Kinds, SoundGolden.Features);
            Pipeline("current", CurrentGolden.File, CurrentGolden.Kinds, CurrentGolden.Features);
            Pipeline("five samples", ShortGolden.File, ShortGolden.Kinds, ShortGolden.Features);
        }

        // Kinds is a word for each feature of a window; windows follow each other, but that the pipeline begins anew after the third.
        private static void Pipeline(string name, byte[] file, string kinds, float[] expected)
        {
            SignalPipeline pipeline = SignalPipeline.Of(NanoModel.Load(file));
            string[] words = kinds.Split(' ');
            int windows = expected.Length / words.Length;
            bool[] good = new bool[words.Length];
            for (int i = 0; i < good.Length; i++)
            {
                good[i] = pipeline.FeatureCount == words.Length;
            }

            short[] sample = new short[pipeline.Channels];
            float[] features = new float[pipeline.FeatureCount];
            TestSignal signal = new TestSignal(pipeline.Length);
            for (int window = 0; window < windows;)
            {
                signal.Next(sample);
                if (pipeline.Add(sample, 0))
                {
                    pipeline.Features(features);
                    for (int i = 0; i < words.Length; i++)
                    {
                        good[i] &= features[i] == expected[(window * words.Length) + i];
                    }

                    window++;
                    if (window == 3)
                    {
                        pipeline.Reset();
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
    }
}
