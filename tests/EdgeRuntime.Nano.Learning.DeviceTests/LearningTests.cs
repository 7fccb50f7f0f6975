using EdgeInference.Nano.Adaptation;

namespace EdgeInference.Nano.Learning.DeviceTests
{
    /// <summary>What heads learn from 1,000 samples and decide on the way, to the bit what EdgeRuntime learns and decides.</summary>
    internal static class LearningTests
    {
        // How many scores a decision has before its probabilities.
        private const int Scores = 4;

        internal static void Run()
        {
            Thousand("int8, softmax of three", SoftmaxGolden.File, SoftmaxGolden.State, SoftmaxGolden.Decisions, SoftmaxGolden.Scores);
            Thousand("int16, sigmoid, neighbours", SigmoidGolden.File, SigmoidGolden.State, SigmoidGolden.Decisions, SigmoidGolden.Scores);
            EmittedSoftmax();
            EmittedSigmoid();
            ExclusiveOr();
        }

        private static void Thousand(string name, byte[] file, byte[] state, byte[] decisions, float[] scores)
        {
            AdaptiveClassifier learner = Load(file);
            LearningSamples samples = new LearningSamples(learner.InputLength);
            bool isSameClass = true;
            bool isSameScore = true;
            int asked = 0;
            int values = scores.Length / decisions.Length;
            for (int i = 0; i < LearningSamples.Count; i++)
            {
                if (LearningSamples.AddsClass(i) && learner.AddedClassCount < learner.MaxAddedClasses)
                {
                    learner.AddClass("new " + i.ToString());
                }

                int label = samples.Next(learner.ClassCount);
                learner.Learn(samples.Input, label);
                if (LearningSamples.IsNormal(label))
                {
                    learner.LearnNormal(samples.Input);
                }

                if (LearningSamples.Asks(i))
                {
                    samples.Next(learner.ClassCount);
                    isSameClass &= learner.Classify(samples.Input) == decisions[asked];
                    int at = asked * values;
                    isSameScore &= learner.Probability == scores[at] && learner.AnomalyScore == scores[at + 1];
                    isSameScore &= learner.AnomalyThreshold == scores[at + 2] && learner.AdaptedRight == (int)scores[at + 3];
                    for (int k = Scores; k < values; k++)
                    {
                        isSameScore &= learner.Probabilities[k - Scores] == scores[at + k];
                    }

                    asked++;
                }
            }

            byte[] saved = learner.Save();
            Report.Check(Same(saved, state), name + ", state of " + state.Length.ToString() + " bytes after " + LearningSamples.Count.ToString() + " samples, CRC-32 " + Crc(saved));
            Report.Check(isSameClass, name + ", " + decisions.Length.ToString() + " decisions on the way");
            Report.Check(isSameScore, name + ", their probabilities, scores, thresholds and self-tests");
            Report.Check(learner.SampleCount == LearningSamples.Count && saved.Length == learner.StateBytes, name + ", counted");
            States(name, file, state);
        }

        // A state comes back whole, or not at all.
        private static void States(string name, byte[] file, byte[] state)
        {
            AdaptiveClassifier learner = Load(file);
            byte[] factory = learner.Save();
            Report.Check(learner.Restore(state) == null && learner.IsAdapted && Same(learner.Save(), state), name + ", the state after a restart");
            bool good = true;
            string reason = null;
            byte[] damaged = (byte[])state.Clone();
            for (int i = 0; i < damaged.Length; i += 1 + (damaged.Length / 40))
            {
                damaged[i] ^= 0x10;
                reason = learner.Restore(damaged);
                good &= reason != null && !learner.IsAdapted && Same(learner.Save(), factory);
                damaged[i] ^= 0x10;
            }

            Report.Check(good, name + ", a damaged state is refused: " + reason);
            reason = learner.Restore(XorGolden.State);
            Report.Check(reason != null, name + ", another model's state is refused: " + reason);
            learner.Restore(state);
            learner.Reset();
            Report.Check(Same(learner.Save(), factory), name + ", forgets");
        }

        private static void EmittedSoftmax()
        {
            SoftmaxModel.Learner learner = new SoftmaxModel.Learner();
            LearningSamples samples = new LearningSamples(SoftmaxModel.InputLength);
            int own = learner.ClassCount;
            int most = SoftmaxGolden.Added;
            bool good = true;
            int asked = 0;
            int values = SoftmaxGolden.Scores.Length / SoftmaxGolden.Decisions.Length;
            for (int i = 0; i < LearningSamples.Count; i++)
            {
                if (LearningSamples.AddsClass(i) && learner.ClassCount < own + most)
                {
                    learner.AddClass("new " + i.ToString());
                }

                int label = samples.Next(learner.ClassCount);
                learner.Learn(samples.Input, label);
                if (LearningSamples.IsNormal(label))
                {
                    learner.LearnNormal(samples.Input);
                }

                if (LearningSamples.Asks(i))
                {
                    samples.Next(learner.ClassCount);
                    good &= learner.Classify(samples.Input) == SoftmaxGolden.Decisions[asked];
                    good &= learner.Probability == SoftmaxGolden.Scores[asked * values] && learner.AnomalyScore == SoftmaxGolden.Scores[(asked * values) + 1];
                    asked++;
                }
            }

            Report.Check(Same(learner.Save(), SoftmaxGolden.State), "int8, softmax of three, emitted, the same state after " + LearningSamples.Count.ToString() + " samples");
            Report.Check(good, "int8, softmax of three, emitted, decisions on the way, their probabilities and scores");
        }

        private static void EmittedSigmoid()
        {
            SigmoidModel.Learner learner = new SigmoidModel.Learner();
            LearningSamples samples = new LearningSamples(SigmoidModel.InputLength);
            int own = learner.ClassCount;
            int most = SigmoidGolden.Added;
            bool good = true;
            int asked = 0;
            int values = SigmoidGolden.Scores.Length / SigmoidGolden.Decisions.Length;
            for (int i = 0; i < LearningSamples.Count; i++)
            {
                if (LearningSamples.AddsClass(i) && learner.ClassCount < own + most)
                {
                    learner.AddClass("new " + i.ToString());
                }

                int label = samples.Next(learner.ClassCount);
                learner.Learn(samples.Input, label);
                if (LearningSamples.IsNormal(label))
                {
                    learner.LearnNormal(samples.Input);
                }

                if (LearningSamples.Asks(i))
                {
                    samples.Next(learner.ClassCount);
                    good &= learner.Classify(samples.Input) == SigmoidGolden.Decisions[asked];
                    good &= learner.Probability == SigmoidGolden.Scores[asked * values] && learner.AnomalyScore == SigmoidGolden.Scores[(asked * values) + 1];
                    asked++;
                }
            }

            Report.Check(Same(learner.Save(), SigmoidGolden.State), "int16, sigmoid, neighbours, emitted, the same state after " + LearningSamples.Count.ToString() + " samples");
            Report.Check(good, "int16, sigmoid, neighbours, emitted, decisions on the way, their probabilities and scores");
        }

        private static void ExclusiveOr()
        {
            AdaptiveClassifier learner = Load(XorGolden.File);
            int right = Right(learner);
            int samples = 0;
            while (Right(learner) < 4 && samples < 200)
            {
                int corner = samples % 4;
                learner.Learn(LearningSamples.Xor(corner), LearningSamples.XorLabel(corner));
                samples++;
            }

            Report.Check(right < 4 && Right(learner) == 4, "exclusive or, " + right.ToString() + " of 4 right before, " + Right(learner).ToString() + " after " + samples.ToString() + " samples");
            Report.Check(samples == XorGolden.Samples && Same(learner.Save(), XorGolden.State), "exclusive or, the same samples and state as on the desktop");
        }

        private static int Right(AdaptiveClassifier learner)
        {
            int right = 0;
            for (int i = 0; i < 4; i++)
            {
                right += learner.Classify(LearningSamples.Xor(i)) == LearningSamples.XorLabel(i) ? 1 : 0;
            }

            return right;
        }

        private static AdaptiveClassifier Load(byte[] file)
        {
            return new AdaptiveClassifier(new NanoSession(NanoModel.Load(file)));
        }

        private static bool Same(byte[] actual, byte[] expected)
        {
            bool good = actual.Length == expected.Length;
            for (int i = 0; i < actual.Length && good; i++)
            {
                good = actual[i] == expected[i];
            }

            return good;
        }

        // That of the state without its own, as text: what the desktop's can be compared with.
        private static string Crc(byte[] state)
        {
            string text = "";
            for (int i = 1; i <= 4; i++)
            {
                text += state[state.Length - i].ToString("X2");
            }

            return text;
        }
    }
}
