using System;
using EdgeInference.Nano.Adaptation;
using EdgeInference.Nano.Signals;

namespace EdgeInference.Nano.Learning.DeviceTests
{
    /// <summary>
    /// What a window and a learning step take: each is done once between a line RUN and a line TIME, so that who counts instructions can tell
    /// them apart, and often enough to be timed before. RUN nothing is what a line takes.
    /// </summary>
    internal static class Costs
    {
        private const long LongEnough = 20 * 10000;

        private delegate void Step();

        internal static void Run()
        {
            Measure("nothing", delegate { });
            for (int i = 0; i < CostGolden.Signals.Length; i += 2)
            {
                Signal(CostGolden.Signals[i], Hex.Bytes(CostGolden.Signals[i + 1]));
            }

            for (int i = 0; i < CostGolden.Heads.Length; i += 2)
            {
                Head(CostGolden.Heads[i], Hex.Bytes(CostGolden.Heads[i + 1]));
            }
        }

        private static void Signal(string name, byte[] file)
        {
            SignalPipeline pipeline = SignalPipeline.Of(NanoModel.Load(file));
            short[] sample = new short[1];
            float[] features = new float[pipeline.FeatureCount];
            Noise noise = new Noise(1);
            for (int i = 0; i < pipeline.Length; i++)
            {
                sample[0] = (short)(noise.Next(14) - 8192);
                pipeline.Add(sample, 0);
            }

            name += ", window of " + pipeline.Length.ToString();
            Console.WriteLine("RAM " + name + ": " + pipeline.RamBytes.ToString() + " bytes");
            Measure(name, delegate { pipeline.Features(features); });
            Measure(name + ", one sample", delegate { pipeline.Add(sample, 0); });
        }

        private static void Head(string name, byte[] file)
        {
            NanoSession session = new NanoSession(NanoModel.Load(file));
            AdaptiveClassifier learner = new AdaptiveClassifier(session);
            LearningSamples samples = new LearningSamples(learner.InputLength);
            bool labels = (learner.Heads & 3) != 0;
            bool normals = (learner.Heads & 4) != 0;
            if (learner.MaxAddedClasses > 0)
            {
                learner.AddClass("new");
            }

            // As full as it gets.
            for (int i = 0; i < 60; i++)
            {
                int label = samples.Next(learner.ClassCount);
                if (labels)
                {
                    learner.Learn(samples.Input, label);
                }

                if (normals)
                {
                    learner.LearnNormal(samples.Input);
                }
            }

            Console.WriteLine("RAM " + name + ": " + learner.MemoryBytes.ToString() + " bytes, state file " + learner.StateBytes.ToString());
            int last = learner.ClassCount - 1;
            float[] output = new float[session.OutputLength];
            Measure(name + ", inference alone", delegate { session.Run(samples.Input, output); });
            Measure(name + ", Classify", delegate { learner.Classify(samples.Input); });
            if (labels)
            {
                Measure(name + ", Learn", delegate { learner.Learn(samples.Input, last); });
            }

            if (normals)
            {
                Measure(name + ", LearnNormal", delegate { learner.LearnNormal(samples.Input); });
            }

            Measure(name + ", Save", delegate { learner.Save(); });
        }

        private static void Measure(string name, Step step)
        {
            int repeats = 1;
            long ticks = 0;
            for (;; repeats *= 4)
            {
                long start = DateTime.UtcNow.Ticks;
                for (int i = 0; i < repeats; i++)
                {
                    step();
                }

                ticks = DateTime.UtcNow.Ticks - start;
                if (ticks >= LongEnough || repeats >= 4096)
                {
                    break;
                }
            }

            string time = "TIME " + name + ": " + (ticks * 100 / repeats).ToString() + " ns";
            Console.WriteLine("RUN " + name);
            step();
            Console.WriteLine(time);
        }
    }
}
